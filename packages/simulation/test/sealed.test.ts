import { sealed } from '../src/scenarios/index.js'
import { everyFault } from './every-fault.js'

everyFault(sealed)
