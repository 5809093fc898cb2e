import { checkInteger } from './check-integer.js'
import type { Clock, Random } from './clock.js'
import type { WorkOptions } from './engine/workers.js'
import { OptionsError } from './errors.js'
import type { HealthOptions } from './health/index.js'
import type { Logger } from './logger/index.js'
import type { Middleware } from './middleware/index.js'
import type { Codec, CodecChain } from './payload/codec.js'
import type { ReadProcess } from './process-usage.js'
import type { AnyProcessor } from './processor/types.js'
import type { RedactOptions } from './redact/index.js'
import type { RetentionOptions } from './retention/index.js'
import type { Flags } from './routing/index.js'
import type { ScheduleOf } from './schedule/index.js'
import type { Store } from './store/index.js'

/** What a runner works with. `createRunner` refuses numbers that are out of range. */
export interface RunnerOptions<Processors extends readonly AnyProcessor[]> {
  /** Where jobs are kept. The runner opens it at its first use. */
  readonly store: Store
  /** What this runner can work, and enqueue. Each name once. */
  readonly processors: Processors
  /** How many jobs run side by side in this process. From 1 to 10_000. @defaultValue 10 */
  readonly concurrency?: number
  /**
   * How long a claimed job belongs to this process before another may take it, in milliseconds. It is renewed
   * while the job runs, so it only matters when a process dies or its event loop stands still: too short and work
   * is done twice, too long and a crash is noticed late.
   *
   * From 1_000 to 3_600_000.
   *
   * @defaultValue 30_000
   */
  readonly leaseMs?: number
  /**
   * How often the store is asked for due jobs when no hint came. A worker without work asks at every fifth poll, and at
   * least every five seconds, for as long as the store is known to hear hints; as soon as it is not, at every poll.
   * From 10 to 3_600_000.
   *
   * @defaultValue 1_000
   */
  readonly pollMs?: number
  /**
   * How long a handler may go on after its signal aborted before its job is taken from it and its slot given to another.
   * From 1_000 to 3_600_000. @defaultValue 30_000
   */
  readonly stuckAfterMs?: number
  /** Work only these queues. @defaultValue all */
  readonly queues?: readonly string[]
  /**
   * How slots are shared between queues while there is more work than slots: a queue of weight 3 gets three times as many
   * as one of weight 1. All queues that are not named are together one of weight 1. Whole numbers from 1 to 1_000, for at
   * most 20 queues; each costs a store call of its own when a worker looks for jobs.
   *
   * @defaultValue none: one line for all queues
   */
  readonly weights?: Readonly<Record<string, number>>
  /**
   * One of so many slots goes to the job that has been due the longest, whatever its priority, so that no stream of urgent
   * ones keeps it waiting for ever. A whole number from 1 to 1_000; `false` for priorities without exception.
   *
   * @defaultValue 10
   */
  readonly ageing?: number | false
  /**
   * How what jobs carry is stored: see `@longhaul/core/codecs`. What was stored without it, or with another one of the
   * chain, stays readable. Every runner on the store needs it, also one that only enqueues or looks.
   *
   * @defaultValue plain JSON
   */
  readonly codec?: Codec | CodecChain
  /**
   * The most that an input, and an output, may take as it is stored, in characters. From 1_024 to 16_777_216.
   *
   * @defaultValue 262_144
   */
  readonly payloadLimit?: number
  /**
   * What is taken out of log lines, errors and events, beside what looks like a secret or is named as one. `false` leaves
   * them as they are. Inputs, outputs and items are never changed: encrypt those.
   */
  readonly redact?: RedactOptions | false
  /**
   * Whether work goes to jobs, asked at every decision: see `runner.route`. Absent: `runner.flags` keeps them in the store.
   */
  readonly flags?: () => Flags
  /** Jobs that are made again and again, or at an instant. Every worker may be given the same ones. @defaultValue none */
  readonly schedules?: readonly ScheduleOf<Processors[number]>[]
  /**
   * How long jobs of these processors are kept once they have ended.
   *
   * @defaultValue 30 days for failed ones, 7 days for all others; an hour in a memory store
   */
  readonly retention?: RetentionOptions
  /** Wraps attempts, calls of the store, and enqueues. The first is the outermost. @defaultValue none */
  readonly middleware?: readonly Middleware[]
  /** Gets a line for each event, without secrets. `console` is one. @defaultValue none */
  readonly logger?: Logger
  /** Whether `runner.metrics()` tells how long calls of the store take: each is wrapped then. @defaultValue false */
  readonly timeStoreCalls?: boolean
  /** From where on `runner.health()` is not `healthy`. */
  readonly health?: HealthOptions
  /** Tells what this process takes up. @defaultValue the system's */
  readonly process?: ReadProcess
  /** @defaultValue the system's */
  readonly clock?: Clock
  /** Where jitter comes from. @defaultValue the system's */
  readonly random?: Random
}

/** By name. @throws {OptionsError} when two processors share a name. */
export function byName(processors: readonly AnyProcessor[]): ReadonlyMap<string, AnyProcessor> {
  const named = new Map(processors.map(processor => [processor.name, processor]))
  if (named.size === processors.length) return named
  throw new OptionsError('processors', 'two of them have the same name')
}

/** @throws {OptionsError} when a number is out of range. */
export function checkRunnerOptions(options: RunnerOptions<readonly AnyProcessor[]>): void {
  const { concurrency = 10, leaseMs = 30_000, pollMs = 1_000, payloadLimit = 262_144 } = options
  const { stuckAfterMs = 30_000, ageing = 10 } = options
  checkInteger('concurrency', concurrency, 1, 10_000)
  checkInteger('leaseMs', leaseMs, 1_000, 3_600_000)
  checkInteger('pollMs', pollMs, 10, 3_600_000)
  if (options.queues?.length === 0)
    throw new OptionsError('queues', 'names none; leave it out for all queues')
  checkWeights(options.weights ?? {})
  if (ageing !== false) checkInteger('ageing', ageing, 1, 1_000)
  checkInteger('stuckAfterMs', stuckAfterMs, 1_000, 3_600_000)
  checkInteger('payloadLimit', payloadLimit, 1_024, 16_777_216)
}

/** @throws {OptionsError} unless each limit that is given is an integer of at least 1. */
export function checkWorkOptions({ budgetMs, maxJobs, maxItems }: WorkOptions): void {
  for (const [option, value] of Object.entries({ budgetMs, maxJobs, maxItems })) {
    if (value !== undefined) checkInteger(option, value, 1, Number.MAX_SAFE_INTEGER)
  }
}

/** @throws {OptionsError} */
function checkWeights(weights: Readonly<Record<string, number>>): void {
  const all = Object.entries(weights)
  if (all.length > 20) throw new OptionsError('weights', 'at most 20 queues')
  for (const [queue, weight] of all) checkInteger(`weights.${queue}`, weight, 1, 1_000)
}
