export { type Call, type CallOptions, createCall } from './call.js'
export { classifyError, type Failure } from './classify.js'
export { type Gate, type GateOutcome, Throttled } from './gate.js'
export { localGate } from './local.js'
export type {
  BreakerOptions,
  GateOptions,
  PauseAfter,
  Rate,
  SlowAfterBlocked,
} from './options.js'
export { gateRules } from './options.js'
export { parseRetryAfter } from './retry-after.js'
export { sharedGate } from './shared.js'
