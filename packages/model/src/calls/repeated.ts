import type { Call } from './call.js'

/** What a call does that is made again at once, and so what it answers: what it did before, or `0`, or none can say. */
type Repeated = 'the same' | 'nothing more' | 'anew'

/** A wish for jobs in a state may well find others in that state, and `prune` goes on with the next chunk. */
export function repeated(call: Call): Repeated {
  if (call.do === 'prune' || call.do === 'wait') return 'anew'
  if (call.do === 'request') return call.of.states ? 'anew' : 'nothing more'
  return 'the same'
}
