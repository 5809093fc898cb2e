import { closed, manyCancelled, manyRetried } from '../src/scenarios/index.js'
import { everyFault } from './every-fault.js'

everyFault(manyCancelled, manyRetried, closed)
