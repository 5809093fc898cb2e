import type { Job } from '../store/index.js'
import type { Settled } from './settle.js'

/** A job in hand. What it looks like now is put together only for those who ask. */
export interface Subject {
  readonly id: string
  now(): Job
}

/** What the engine tells about a job. `error` comes with what failed. */
export type EngineEvent =
  | { readonly type: 'started' | 'saved'; readonly job: Subject }
  | { readonly type: Settled; readonly job: Subject; readonly error?: unknown }
  | { readonly type: 'lost' | 'stuck'; readonly job: Subject; readonly error: unknown }
  | { readonly type: 'error'; readonly error: unknown }

export type Notify = (event: EngineEvent) => void
