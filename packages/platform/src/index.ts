export { type CronOptions, runCron } from './cron.js'
export { type Instance, outside, storeOf } from './instance.js'
export { createPlatform, type Invocation, type PlatformOptions } from './platform.js'
