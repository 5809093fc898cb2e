import type { NewJob } from '@longhaul/core/store'
import type { Command } from '../src/commands/index.js'

/** What once led two stores apart, as small as it got. */
export const regressions: Readonly<Record<string, readonly Command[]>> = {
  'a job that waits comes twice in a call': [
    insert(newJob('j1'), newJob('j4', [0], 'succeeded'), newJob('j4', [0], 'ended')),
  ],

  'a job that was tried again in vain comes again beside one that waits': [
    insert(newJob('j9'), newJob('j1', [0])),
    { do: 'request', wish: { kind: 'cancel' }, filter: { ids: ['j9'] } },
    { do: 'request', wish: { kind: 'retry' }, filter: { ids: ['j1'] } },
    insert(newJob('j1'), newJob('j7', [])),
  ],

  'a cancelled job is moved, for which one waits in vain that was tried again': [
    insert(newJob('j5'), newJob('j6', [0])),
    { do: 'request', wish: { kind: 'cancel' }, filter: { ids: ['j5'] } },
    { do: 'request', wish: { kind: 'retry' }, filter: { ids: ['j6'] } },
    { do: 'request', wish: { kind: 'move', priority: -1 }, filter: { ids: ['j5'] } },
  ],
}

type Outcome = NonNullable<NewJob['after']>['outcome']
type Inserted = Extract<Command, { do: 'insert' }>['jobs'][number]

function insert(...jobs: Inserted[]): Command {
  return { do: 'insert', jobs }
}

/** @param of Whom it waits for, by place among all that are there. */
function newJob(id: NewJob['id'], of?: number[], outcome: Outcome = 'succeeded'): Inserted {
  const plain = {
    key: null,
    lane: null,
    laneLimit: 1,
    tenant: null,
    correlationId: null,
    tags: [],
    group: null,
  }
  const job = {
    id,
    processor: 'one',
    queue: 'fast',
    priority: 0,
    input: '',
    note: null,
    delayMs: 0,
    ...plain,
  }
  return { job, wait: of ? { of, outcome, isStrange: false } : null }
}
