import { handOver, severalBatches, tolerated } from '../src/scenarios/index.js'
import { everyFault } from './every-fault.js'

everyFault(severalBatches, handOver, tolerated)
