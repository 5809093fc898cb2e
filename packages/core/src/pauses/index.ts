export { type Paused, without } from './paused.js'
export { createPauses, type Pauses, type Pausing } from './pauses.js'
