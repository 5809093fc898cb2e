import type { FaultProxy, ProxiedConnection } from '@longhaul/test-servers'
import type { FaultName, HoldName } from './matrix.js'

/** Brings the network down, for all connections or for one. The proxy's `heal` takes it all away. */
type Breaks = (target: FaultProxy | ProxiedConnection, hold: HoldName) => void

/** The first is slow, the second so slow that no call comes back in its time. */
const delayMs: Readonly<Record<HoldName, number>> = { shorter: 150, longer: 1_200 }

export const faults: Readonly<Record<FaultName, Breaks>> = {
  cut(target) {
    if ('refuse' in target) target.refuse()
    target.reset()
  },
  delay(target, hold) {
    target.apply({ delayMs: delayMs[hold], jitterMs: delayMs[hold] / 4 })
  },
  'black hole'(target) {
    target.apply({ drop: true })
  },
  'half-open'(target) {
    target.halfOpen('server')
  },
}
