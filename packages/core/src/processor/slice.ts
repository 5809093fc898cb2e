import type { Random } from '../clock.js'
import type { RedactText } from '../encoding/error-record.js'
import type { FollowUpOptions } from '../enqueue-options.js'
import type { Call } from '../gate/index.js'
import type { Counters, Reported } from '../progress/index.js'
import type {
  FollowUp,
  ItemRecord,
  Job,
  LogLine,
  Page,
  Progress,
  RecordPage,
  Transaction,
} from '../store/index.js'

/**
 * One slice of a job as the engine hands it to a processor: what is known, and the ways to change it. Changes
 * stay in memory until the next write, which takes them all at once, so counters never run ahead of the cursor.
 */
export interface Slice {
  readonly job: Job
  /** The input, as the schema gave it. */
  readonly input: unknown
  /** Aborts when the work must stop: cancelled, paused, timed out, out of time, lease lost. */
  readonly signal: AbortSignal
  /** Whether `signal` aborted, without making one. */
  readonly stopped: boolean
  readonly cursor: string | null
  readonly progress: Progress
  readonly counters: Counters
  readonly call: Call

  /** Adds what was done. */
  add(tally: Tally): void
  /** Says where the next slice starts. */
  moveTo(cursor: string): void
  /** @throws {OptionsError} for what is no count. */
  report(progress: Reported): void
  log(line: LogLine): void
  /** Writes all that changed; resolves when it is durable. @throws {LeaseLostError} */
  checkpoint(via?: Transaction): Promise<void>
  /** Runs an effect of an item, or (`null`) of the job, unless it was: then it answers with what that gave. */
  once(item: string | null, key: string, effect: () => unknown): Promise<unknown>
  /** What `once` did for an item that is not over yet. */
  doneOnce(item: string): readonly DoneOnce[]
  /** Brings back what was done for an item that is tried again. */
  recall(done: readonly DoneOnce[]): void
  /** The item is over, so what was done for it need not be known any longer. To be called with what ends it. */
  forget(item: string): void
  /** Whether less time is left than `needMs` and the last write take. `false` while no deadline is known. */
  shouldYield(needMs?: number): boolean
  /** Milliseconds on a clock that tests can move. */
  now(): number
  /** Waits in place. @throws the reason of `signal`, when the work must stop. */
  wait(ms: number): Promise<void>
  readonly random: Random
  readonly redact: RedactText
  /** The item records written so far. */
  records(page: Page): Promise<RecordPage<ItemRecord>>
  prepare: PrepareJob
}

/** An effect that happened, and its result: as JSON, empty for `undefined`, or `null` when it could not be kept. */
export type DoneOnce = readonly [item: string | null, key: string, result: string | null]

/** Checks an input and makes the job for it, without storing it. */
export type PrepareJob = (processor: string, input: unknown, options: FollowUpOptions) => Promise<FollowUp>

/** What some work amounts to, in a form that can be added up and dropped. */
export interface Tally {
  done: number
  failed: number
  skipped: number
  readonly counters: Map<string, number>
  readonly items: ItemRecord[]
  readonly follow: FollowUp[]
}

export function emptyTally(): Tally {
  return { done: 0, failed: 0, skipped: 0, counters: new Map(), items: [], follow: [] }
}
