import type { CursorValue } from '../encoding/cursor.js'
import type { FollowUpOptions } from '../enqueue-options.js'
import type { Call } from '../gate/index.js'
import type { Counters } from '../progress/index.js'
import type { ItemRecord, Progress, Transaction } from '../store/index.js'
import type { AnyProcessor, InputOf } from './types.js'

/** What every handler is given. */
export interface JobContext<Input, Counter extends string = string> {
  /** The input, as the schema gave it. */
  readonly input: Input
  /** The same in every attempt. */
  readonly jobId: string
  /** Whose job it is, as `enqueue` was told; `null` when it was not. */
  readonly tenant: string | null
  /** The request or trace it belongs to, as `enqueue` was told; `null` when it was not. */
  readonly correlationId: string | null
  /** 1 for the first run; grows with each failure, not with an interruption. */
  readonly attempt: number
  /** The fence of this claim: pass it on where your own systems can refuse an older one. */
  readonly token: number
  /**
   * Aborts when the work must stop: cancelled, paused, timed out, out of time, lease lost. Pass it on, and stop by throwing
   * `signal.reason` or returning nothing: both mean that the work is not done. Whoever is done all the same returns a value.
   */
  readonly signal: AbortSignal
  /** Makes an outbound call through the processor's gate, with retries in place. */
  readonly call: Call
  /**
   * Runs an effect and saves what it returned with the job before it answers. From then on the same `key` answers with
   * that and runs nothing: for this item (in `each`), or for the whole job (in `run` and `finish`), also in later attempts.
   * A crash between the effect and the save repeats it, so hand the far side an idempotency key too.
   *
   * @param key From 1 to 200 characters.
   * @param effect What it returns is plain JSON, at most 16,384 characters. What it counts is lost if the item fails: count outside.
   * @throws {OnceError} when its result can't be kept. {@link LeaseLostError} when the job went to someone else: let it pass.
   */
  once<Result>(key: string, effect: () => Result | Promise<Result>): Promise<Result>
  /** Adds to a counter that is shown with the job. */
  count(counter: Counter, by?: number): void
  /** Keeps a line with the job. Bounded: a line is cut at 8,192 characters, and after 1,000 lines of one job the rest is dropped. */
  readonly log: JobLog
  /** Enqueues a follow-up job that exists if, and only if, the work that led to it is saved. */
  enqueue<P extends AnyProcessor>(processor: P, input: InputOf<P>, options?: FollowUpOptions): Promise<void>
}

/** Keeps lines with the job, of every level; `runner.logs` gives them. Stored when the job is saved next. */
export interface JobLog {
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

/** What `run` is given: a job that does its work in one go, or keeps its own cursor. */
export interface RunContext<Input, Counter extends string = string> extends JobContext<Input, Counter> {
  /** What the last checkpoint saved, `null` at the start. */
  readonly cursor: CursorValue
  /**
   * Saves where the next slice starts, with all that was counted so far. With `via`, your own open transaction
   * of the same database, both are stored together or not at all.
   *
   * @throws {LeaseLostError} when the job went to someone else. Let it pass.
   */
  checkpoint(cursor: CursorValue, options?: { via?: Transaction }): Promise<void>
  /** Sets how far the job is. @throws {OptionsError} unless each number is a whole one of at least 0. */
  progress(progress: { done?: number; total?: number }): void
  /** Whether time is up, or less is left than `needMs`. Then save, and throw `HandOver` or return nothing. */
  shouldYield(needMs?: number): boolean
}

/** What `each` is given. What it counts belongs to its item: if the item has to be repeated, nothing counts twice. */
export interface ItemContext<Input, Counter extends string = string> extends JobContext<Input, Counter> {
  /** `jobId:itemKey`, the same in every attempt: hand it to an API as its idempotency key. */
  readonly key: string
}

/** What `finish` is given, once all items are done. */
export interface FinishContext<Input, Counter extends string = string, Item = unknown>
  extends JobContext<Input, Counter> {
  readonly progress: Progress
  readonly counters: Counters<Counter>
  /** Items that were skipped or failed, oldest first. Read page by page, so there may be many. */
  records(): AsyncIterable<ItemRecord>
  /**
   * Records something as failed after all, so that the job ends as `completed_with_errors`. With an `item`, a retry
   * of what failed hands it to `each`.
   */
  fail(key: string, error: unknown, item?: Item): void
}
