export type { RecordedCall } from './calls.js'
export { type DataShape, makeData, type WorkizData, w1 } from './data.js'
export {
  badJson,
  cf520,
  clockSkew,
  delay,
  empty200,
  type Fault,
  type FaultContext,
  flagFalse,
  hang,
  html200,
  noContent,
  refuse,
  reset,
  stall,
  status,
  tooMany,
  truncate,
  wrongType,
} from './faults.js'
export { defaultProfile, type GoneAs, type WorkizProfile } from './profile.js'
export { fastRate, type RateModel, workizRate } from './rate-model.js'
export type { Reply } from './reply.js'
export type { FakeState } from './routes.js'
export type { FaultRule } from './script.js'
export type { Listening } from './server.js'
export { createWorkizFake, type WorkizFake, type WorkizFakeOptions } from './workiz-fake.js'
