export { addTo, type Counters } from './counters.js'
export { type Eta, type EtaState, estimate, observe } from './eta.js'
export { checkedReport, type Reported } from './report.js'
export { estimateShare, type Shares, shareOf } from './share.js'
