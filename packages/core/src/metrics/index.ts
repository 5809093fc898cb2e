export { createMetrics } from './metrics.js'
export { Tally } from './tally.js'
