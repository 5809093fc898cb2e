export { type Clock, systemClock } from '../../../core/src/clock.js'
