export { addTo, type Counters } from './counters.js'
export { type Eta, type EtaState, estimate, type Observation, observe } from './eta.js'
