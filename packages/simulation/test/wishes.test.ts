import { cancelled, paused } from '../src/scenarios/index.js'
import { everyFault } from './every-fault.js'

everyFault(cancelled, paused)
