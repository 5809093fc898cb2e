import type { EnqueueOptions } from '../enqueue-options.js'
import type { AnyProcessor, InputOf } from '../processor/types.js'
import type { When } from './when.js'

/** Makes a job of a processor at each of its slots: one, however many workers there are. */
export type Schedule<P extends AnyProcessor = AnyProcessor> = When &
  Policy<P> & {
    /** What each job is given; a function works it out for each slot. */
    readonly input: InputOf<P> | ((context: SlotContext) => InputOf<P>)
  }

/** A schedule as the store can keep it. */
export type StoredSchedule<P extends AnyProcessor = AnyProcessor> = When &
  Policy<P> & { readonly input: InputOf<P> }

/** A schedule of any of these processors, typed by its own. */
export type ScheduleOf<P extends AnyProcessor> = P extends AnyProcessor ? Schedule<P> : never
export type StoredScheduleOf<P extends AnyProcessor> = P extends AnyProcessor ? StoredSchedule<P> : never

/** What a job is made for. */
export interface SlotContext {
  /** The instant that the job is for, in ISO 8601. The job may be made later. */
  readonly slot: string
}

/** The key of such a job is its slot, and it is due at once. It also gets the tag `schedule:<name>`. */
export type ScheduledJobOptions = Omit<EnqueueOptions, 'key' | 'delayMs' | 'runAt' | 'after'>

interface Policy<P extends AnyProcessor> extends CatchUp {
  /** From 1 to 200 characters. It stands for one schedule in the whole store. */
  readonly name: string
  readonly processor: P | P['name']
  readonly options?: ScheduledJobOptions
}

/** What becomes of slots that passed while no worker ran. */
export interface CatchUp {
  /**
   * - `skip`: the newest slot gets its job if it is at most `toleranceMs` late.
   * - `last`: the newest gets its job, however late.
   * - `all`: each gets one, the newest `maxCatchUp` of them.
   *
   * @defaultValue 'skip'; 'last' for a schedule with `at`
   */
  readonly catchUp?: 'skip' | 'last' | 'all'
  /** From 0 to 31_536_000_000. @defaultValue 300_000, five minutes */
  readonly toleranceMs?: number
  /** From 1 to 500. @defaultValue 100 */
  readonly maxCatchUp?: number
}
