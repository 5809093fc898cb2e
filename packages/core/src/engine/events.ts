import type { Job } from '../store/index.js'
import type { Settled } from './settle.js'

/** What the engine tells about a job. `error` comes with what failed. */
export type EngineEvent =
  | { readonly type: 'started' | 'saved'; readonly job: Job }
  | { readonly type: Settled; readonly job: Job; readonly error?: unknown }
  | { readonly type: 'lost'; readonly job: Job; readonly error: unknown }
  | { readonly type: 'error'; readonly error: unknown }

export type Notify = (event: EngineEvent) => void
