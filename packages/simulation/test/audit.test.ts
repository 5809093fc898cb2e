import { expect, test } from 'vitest'
import { violationsIn } from '../src/audit/verdict.js'
import type { Event } from '../src/events.js'
import { planned } from '../src/explore/planned.js'
import { type Run, run } from '../src/run.js'
import { diamond, lane, type Scenario, severalBatches } from '../src/scenarios/index.js'

/** Puts something else in place of each job, or each event. */
const withJobs = (change: (job: Run['jobs'][number]) => unknown) => (good: Run) =>
  ({ ...good, jobs: good.jobs.flatMap(change) }) as Run
const withEvents = (change: (event: Event) => unknown) => (good: Run) =>
  ({ ...good, events: good.events.flatMap(change) }) as Run

test.each<[string, (good: Run) => Run, RegExp, Scenario?]>([
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
])('%s is found', async (_, spoil, found, scenario = severalBatches) => {
  const good = await run(scenario, planned([]))
  expect(violationsIn(good)).toEqual([])
  expect(violationsIn(spoil(good)).join('\n')).toMatch(found)
})
