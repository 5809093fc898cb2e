export { around } from './around.js'
export { aroundAttempts } from './attempt.js'
export { aroundMaking } from './enqueue.js'
export { aroundStore } from './store.js'
export type {
  AttemptedJob,
  AttemptOutcome,
  EnqueuedJob,
  Middleware,
  Next,
  StoreCall,
} from './types.js'
