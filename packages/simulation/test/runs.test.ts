import { checkpoints, gate, retried } from '../src/scenarios/index.js'
import { everyFault } from './every-fault.js'

everyFault(retried, checkpoints, gate)
