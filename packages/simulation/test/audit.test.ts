import { diamond, lane } from '../src/scenarios/index.js'
import { everySpoiltRunIsFound, withEvents, withJobs } from './spoilt.js'

everySpoiltRunIsFound([
  ['a job that was lost', withJobs(() => []), /job "walk" was lost/],
  ['a job that is there twice', withJobs(job => [job, job]), /is there 2 times/],
  ['a job that never ended', withJobs(job => ({ ...job, state: 'running' })), /never ended/],
  ['a job that ended otherwise', withJobs(job => ({ ...job, state: 'failed' })), /is failed, not completed/],
  [
    'a job that counted too little',
    withJobs(job => ({ ...job, progress: { done: 5, failed: 0 } })),
    /counted 5/,
  ],
  [
    'a job too many',
    withJobs(job => [job, { ...job, id: 'xyz', key: 'other' }]),
    /nobody asked for job "other"/,
  ],
  [
    'an item that was skipped',
    withEvents(event => (event.type === 'effect' && event.item === '3' ? [] : event)),
    /never did "3"/,
  ],
  ['an item done again for no reason', withEvents(event => [event, event]), /6 things again, not 0 at most/],
  [
    'a cursor that moved back',
    good => ({ ...good, events: [...good.events, ...good.events] }),
    /moved job "walk" back/,
  ],
  [
    'a job with two holders',
    withEvents(event =>
      event.type === 'claimed' ? [event, { ...event, job: { ...event.job, token: 2 } }] : event,
    ),
    /given to token 2 while 1 held it/,
  ],
  [
    'a write behind a newer token',
    withEvents(event => (event.type === 'claimed' ? { ...event, job: { ...event.job, token: 2 } } : event)),
    /token 1 of job "walk" was accepted after token 2/,
  ],
  [
    'a write behind its lease',
    withEvents(event => (event.type === 'written' ? { ...event, at: event.at + 3_000 } : event)),
    /accepted after its lease/,
  ],
  [
    'a lane that is too full',
    withEvents(event =>
      event.type === 'claimed' ? { ...event, job: { ...event.job, laneLimit: 1 } } : event,
    ),
    /lane "narrow" held 2/,
    lane,
  ],
  [
    'a job that ran before another had ended',
    withEvents(event =>
      event.type === 'claimed' && Object.keys(event.awaited.states).length > 0
        ? { ...event, awaited: { ...event.awaited, states: { other: 'running' } } }
        : event,
    ),
    /was claimed while job other was running/,
    diamond,
  ],
])
