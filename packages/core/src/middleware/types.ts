import type { Trace } from '../encoding/note.js'
import type { Outcome } from '../engine/outcome.js'
import type { Progress } from '../store/index.js'
import type { Named } from './named.js'

/** Goes on with what is wrapped, once however often it is called, and resolves or rejects as that does. */
export type Next = () => Promise<unknown>

/**
 * Wraps what a runner does. Each member is optional and costs nothing where no middleware has it.
 *
 * A middleware looks on, waits or refuses. What is wrapped gives what it gives: what a member returns is left out, and
 * an error of `next` can't be held back. What a member throws fails what it wraps, like any error; so does one that
 * never calls `next` (`next_not_called`).
 */
export interface Middleware {
  /** Around each attempt: the check of the input, the handler, and what it gave made storable. */
  attempt?(job: AttemptedJob, next: Next): Promise<unknown>
  /**
   * Around each call of the store; of a `listen`, around its beginning. A call that belongs to a synchronous
   * transaction is only part of it when `next` is called before anything is awaited.
   */
  storeCall?(call: StoreCall, next: Next): Promise<unknown>
  /**
   * Around the making of each job that is to be stored: its input is checked. It is stored together with others right
   * after: a {@link Middleware.storeCall}. Also around follow-up jobs and the jobs of schedules.
   */
  enqueue?(job: EnqueuedJob, next: Next): Promise<unknown>
}

/** A job in one of its attempts. */
export interface AttemptedJob extends Named {
  readonly tags: readonly string[]
  /** Starts at 1, and anew when the job made progress. */
  readonly attempt: number
  /** From its insert to its first claim, in milliseconds; `null` when it was claimed before. */
  readonly waitedMs: number | null
  /** What an `enqueue` gave. */
  readonly trace: Trace | undefined
  /** As far as it is now, saved or not. */
  progress(): Progress
  /** What an error that `next` gave means: also a job that is given back throws. Without one it is `completed`. */
  outcomeOf(error: unknown): AttemptOutcome
  /** Milliseconds since the attempt began. */
  elapsedMs(): number
}

/** How an attempt ended: `yielded`, `throttled` and `snoozed` mean that the job was given back. */
export type AttemptOutcome = Outcome['kind']

/** A call of the store, under way. */
export interface StoreCall {
  /** The method, as in `claim`. */
  readonly name: string
  /** The name of the store, as in `postgres`. */
  readonly store: string
  /** Milliseconds since the call began. */
  elapsedMs(): number
}

/** A job that is being enqueued. */
export interface EnqueuedJob extends Named {
  /** Set it before `next`, and it is there in every attempt. Each part takes up to 1_024 characters. */
  trace: Trace | undefined
}
