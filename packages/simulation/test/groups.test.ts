import { cascade, diamond, lane } from '../src/scenarios/index.js'
import { everyFault } from './every-fault.js'

everyFault(lane, diamond, cascade)
