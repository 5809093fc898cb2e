import { checkpoints, gate, retried, schedule } from '../src/scenarios/index.js'
import { everyFault } from './every-fault.js'

everyFault(retried, checkpoints, gate, schedule)
