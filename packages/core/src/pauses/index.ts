export { type Paused, type Wanted, without } from './paused.js'
export { createPauses, type Pausing } from './pauses.js'
