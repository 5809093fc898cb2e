export { assertEnqueued, type ExpectedJob, refuteEnqueued } from './assert-enqueued.js'
export { type FakeClock, fakeClock } from './fake-clock.js'
export { type Fault, type FaultyStore, faultyStore } from './faulty-store.js'
export { interruptAt, runToEnd } from './run-to-end.js'
