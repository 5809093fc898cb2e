import { schedule, slots } from '../src/scenarios/index.js'
import { everyFault } from './every-fault.js'

everyFault(schedule, slots)
