import fc from 'fast-check'
import type { Call } from '../call.js'
import type { World } from '../world.js'

export const anySwap = fc.record({
  do: fc.constant('swap' as const),
  name: fc.constantFrom('c1', 'c2'),
  value: fc.constantFrom('v1', 'v2', null),
  aim: fc.constantFrom('newest', 'newest', 'again', 'stale', 'ahead'),
})
type Swap = typeof anySwap extends fc.Arbitrary<infer Value> ? Value : never

const behind = { newest: 0, again: 1, stale: 1, ahead: -1 }

export function swapOf({ name, value, aim }: Swap, { cells, step }: World): Call {
  const cell = cells.get(name)
  const version = Math.max(0, (cell?.version ?? 0) - behind[aim as keyof typeof behind])
  const id = aim === 'again' && cell ? cell.changeId : `change ${step}`
  return { do: 'swap', name, change: { id, version, value } }
}
