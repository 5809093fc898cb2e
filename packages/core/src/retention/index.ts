export { type EndedState, type RetentionOptions, retentionRules, type StateRetention } from './options.js'
export { createPruner } from './pruner.js'
