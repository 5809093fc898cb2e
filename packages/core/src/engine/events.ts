import type { Job, Progress } from '../store/index.js'
import type { Settled } from './settle.js'

/** A job in hand. What it looks like now is put together only for those who ask. */
export interface Subject {
  readonly id: string
  readonly claimed: Job
  /** As far as it was written. */
  readonly progress: Progress
  /** Milliseconds that its slice has taken: so far, or until its handler had returned. */
  readonly tookMs: number
  now(): Job
}

/** What the engine tells about a job. `error` comes with what failed. */
export type EngineEvent =
  | { readonly type: 'started' | 'saved'; readonly job: Subject }
  | { readonly type: Settled; readonly job: Subject; readonly error?: unknown }
  | { readonly type: 'lost' | 'stuck'; readonly job: Subject; readonly error: unknown }
  /** The store was asked for jobs, and gave so many. */
  | { readonly type: 'claimed'; readonly jobs: number }
  /** Leases are renewed, and this much later than they should be: the event loop was busy. */
  | { readonly type: 'beat'; readonly lateMs: number }
  | { readonly type: 'error'; readonly error: unknown }

export type Notify = (event: EngineEvent) => void
