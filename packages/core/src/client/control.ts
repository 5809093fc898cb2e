import { checkInteger } from '../check-integer.js'
import { checkNames } from '../check-names.js'
import { checkMs } from '../durations.js'
import { JobNotFoundError, JobStateError, OptionsError } from '../errors.js'
import type { Sealer } from '../payload/sealer.js'
import { sealWish } from '../payload/texts.js'
import type { AnyProcessor } from '../processor/types.js'
import {
  type Job,
  type JobState,
  type RetentionRule,
  type Store,
  transitions,
  type Wish,
} from '../store/index.js'
import { checkedPlace, type Place } from './place.js'
import { checkOnly, type RetryOptions, retryOf } from './retry.js'
import { type JobDetails, viewJobDetails } from './view.js'

interface ControlDeps {
  readonly store: Store
  readonly processors: ReadonlyMap<string, AnyProcessor>
  readonly sealer: Sealer | undefined
  now(): number
  opened(): Promise<void>
}

/** What people and routes may ask of a job, from any process. */
export function createControl({ store, processors, sealer, now, opened }: ControlDeps) {
  async function ask(id: string, wish: Wish, alreadyThere: readonly JobState[]): Promise<JobDetails> {
    await opened()
    const changed = await store.request(sealer ? sealWish(wish, id, sealer.seal) : wish, { ids: [id] })
    const job = await find(id)
    if (changed === 0 && !alreadyThere.includes(job.state))
      throw new JobStateError(id, job.state, verbs[wish.kind])
    return viewJobDetails(job, now())
  }

  async function find(id: string): Promise<Job> {
    const job = await store.get(id)
    if (!job) throw new JobNotFoundError(id)
    return job
  }

  return {
    cancel: (id: string) => ask(id, { kind: 'cancel' }, ['cancelled', 'running']),
    pause: (id: string) => ask(id, { kind: 'pause' }, ['paused', 'running']),
    resume: (id: string) => ask(id, { kind: 'resume' }, ['waiting', 'running', 'blocked']),
    promote: (id: string) => ask(id, { kind: 'promote' }, ['waiting', 'running']),

    async retry(id: string, { only, ...rest }: RetryOptions = {}): Promise<JobDetails> {
      checkNames('', rest, ['only'])
      checkOnly(only)
      await opened()
      const job = await find(id)
      if (only === 'failed' && !processors.get(job.processor)?.policies.walksItems) {
        throw new OptionsError('only', `processor "${job.processor}" has no items; retry the whole job`)
      }
      return ask(id, retryOf(job, only), ['waiting', 'blocked'])
    },

    move: async (id: string, to: Place) => ask(id, { kind: 'move', ...checkedPlace(to) }, everyState),

    async prune(rule: RetentionRule): Promise<number> {
      checkInteger('limit', rule.limit, 1, 10_000)
      checkMs('olderThanMs', rule.olderThanMs)
      await opened()
      return store.prune(rule)
    },
  }
}

/** To be moved to where it is already is no mistake. */
const everyState = Object.keys(transitions) as JobState[]

const verbs: Record<Wish['kind'], string> = {
  move: 'be moved',
  cancel: 'be cancelled',
  pause: 'be paused',
  resume: 'be resumed',
  promote: 'be promoted',
  retry: 'be retried',
}
