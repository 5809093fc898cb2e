export { type Call, type CallDeps, type CallOptions, createCall } from './call.js'
export { classifyError, type Failure } from './classify.js'
export { type Gate, type GateOutcome, Throttled } from './gate.js'
export { type Backoff, fullJitter } from './jitter.js'
export { localGate } from './local.js'
export type {
  BreakerOptions,
  GateOptions,
  GateRules,
  PauseAfter,
  Rate,
  SlowAfterBlocked,
} from './options.js'
export { gateRules } from './options.js'
export { parseRetryAfter } from './retry-after.js'
export { sharedGate } from './shared.js'
export { type SwapLoopDeps, swapLoop } from './swap-loop.js'
