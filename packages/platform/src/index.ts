export { seeded } from './chance.js'
export { type CronOptions, runCron } from './cron.js'
export { clockOf, type Instance, outside, storeOf } from './instance.js'
export { createPlatform, type Invocation, type PlatformOptions } from './platform.js'
