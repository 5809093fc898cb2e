export type { Ability, OpenTransaction, Subject } from './bench.js'
export { aJob, someJobs, upTo } from './builders.js'
export { type ConformanceOptions, type Skip, storeConformance, type TestFunction } from './suite.js'
