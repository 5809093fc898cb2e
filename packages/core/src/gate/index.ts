export { classifyError, type Failure } from './answer/classify.js'
export { type RateLimit, readRateLimits } from './answer/rate-limits.js'
export { parseRetryAfter } from './answer/retry-after.js'
export { type Call, type CallOptions, createCall } from './call.js'
export { cellKeeper, cellOf, readState } from './cell-keeper.js'
export { type Gate, Throttled, type ThrottledBecause } from './gate.js'
export { gateList } from './gate-list.js'
export { gateRules } from './gate-rules.js'
export type { GateEdit } from './keeper.js'
export { localGate, openLocalGate } from './local.js'
export type {
  BreakerOptions,
  GateOptions,
  PauseAfter,
  Rate,
  SlowAfterBlocked,
} from './options.js'
export { longestKey } from './options.js'
export type { GateOutcome } from './outcome.js'
export type { ClosedBecause } from './rules/closings.js'
export { forgotten, paused, resumed } from './rules/control.js'
export {
  type GateBreakerView,
  type GateLearnedView,
  type GateView,
  type GateWindowView,
  viewGate,
} from './rules/view.js'
export { sharedGate, sharedGateOver } from './shared.js'
