import { deaf, endless, retriedTooLong } from '../src/scenarios/index.js'
import { everyFault } from './every-fault.js'

everyFault(retriedTooLong, endless, deaf)
