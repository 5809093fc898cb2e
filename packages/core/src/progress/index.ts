export { addTo, type Counters } from './counters.js'
export { type Eta, type EtaState, estimate, observe } from './eta.js'
export { estimateShare, type Shares, shareOf } from './share.js'
