import { closed, deaf, endless, manyRetried, retriedTooLong, sealed, slots } from '../src/scenarios/index.js'
import { everySpoiltRunIsFound, withEvents, withJobs, withSeen } from './spoilt.js'

everySpoiltRunIsFound([
  [
    'an item that nobody asked for',
    withEvents(event => (event.type === 'effect' && event.item === '3' ? { ...event, item: '33' } : event)),
    /did "33", which nobody asked for/,
  ],
  [
    'a second handler beside one that is stuck',
    withEvents(event => (event.type === 'returned' ? [] : event)),
    /worker \d ran job "deaf" beside itself/,
    deaf,
  ],
  [
    'a job that was begun after its deadline',
    withJobs(job => ({ ...job, createdAt: job.createdAt - 5_000 })),
    /token 1 of job "steady" was begun after its deadline/,
    retriedTooLong,
  ],
  [
    'a handler that went on after its deadline',
    withJobs(job => ({ ...job, createdAt: job.createdAt - 1_000 })),
    /token 1 of job "endless" went on after its deadline/,
    endless,
  ],
  [
    'a job that is taken up again and again after its deadline',
    withEvents(event => (event.type === 'claimed' ? [event, event] : event)),
    /"unsteady" was claimed 2 times after its deadline/,
    retriedTooLong,
  ],
  [
    'a job that failed by something else than its deadline',
    withSeen(job => ({ ...job, errors: null })),
    /job "endless" has the error "null", not "deadline_exceeded"/,
    endless,
  ],
  [
    'a job that was moved nowhere',
    withJobs(job => ({ ...job, queue: 'default' })),
    /job "a" is in the queue "default", not "late"/,
    manyRetried,
  ],
  [
    'a claim of what is paused',
    withEvents(event =>
      event.type === 'asked' ? { ...event, request: { ...event.request, exceptQueues: [] } } : event,
    ),
    /worker 1 asked for what it knew to be paused/,
    closed,
  ],
  [
    'a claim that goes by what was seen long ago',
    withEvents(event => (event.type === 'looked' ? { ...event, askedAt: event.askedAt - 6_000 } : event)),
    /worker 1 went by what it had seen 6000 ms ago/,
    closed,
  ],
  [
    'a slot that was left out',
    withJobs(job => ({ ...job, key: job.key?.replace(':03.', ':05.') })),
    /"often" made a step of 3000 ms/,
    slots,
  ],
  [
    'a first slot that was left out',
    withJobs(job => (job.key?.includes(':01.') ? [] : job)),
    /"often" made a step of 2000 ms/,
    slots,
  ],
  ['a slot that came twice', withJobs(job => [job, job]), /"often" made a step of 0 ms/, slots],
  [
    'a schedule that came too seldom',
    withJobs(job => (job.key?.includes(':03.') ? [] : job)),
    /"often" came 2 times, not 3 at least/,
    slots,
  ],
  [
    'an input that reads as another',
    withSeen(job => ({ ...job, input: 'other' })),
    /job "sealed" reads as something else/,
    sealed,
  ],
  [
    'a text that can not be read',
    withSeen(job => ({ ...job, unreadable: [{ part: 'cursor', code: 'payload_damaged' }] })),
    /of job "sealed" .*cursor.* can't be read/,
    sealed,
  ],
  [
    'a secret that is stored as it is',
    withEvents(event =>
      event.type === 'claimed' ? { ...event, job: { ...event.job, input: sealed.expects.secret } } : event,
    ),
    /a secret is there to be read in what was claimed/,
    sealed,
  ],
  [
    'a sealed cursor that moved back',
    good => ({ ...good, events: [...good.events, ...good.events] }),
    /moved job "sealed" back/,
    sealed,
  ],
])
