import type { ClaimRequest } from '@longhaul/core/store'
import fc from 'fast-check'
import type { Call } from '../calls/call.js'
import { nameIn, pick, type World } from '../world/world.js'
import { anyPlace, kindOf } from './kind.js'
import { processors, queues } from './new-job.js'

export const shortLeaseMs = 10_000
export const longLeaseMs = 60_000

const limit = fc.integer({ min: 1, max: 4 })
const leaseMs = fc.constantFrom(shortLeaseMs, longLeaseMs)

type Asked = Pick<ClaimRequest, 'limit' | 'leaseMs'> & Partial<ClaimRequest>

function claim(world: World, asked: Asked): Call {
  return { do: 'claim', request: { claimId: `claim ${nameIn(world)}`, processors, ...asked } }
}

export const claimAny = kindOf('claimAny', { limit, leaseMs }, claim, 'claimed')

export const claimForOne = kindOf(
  'claimForOne',
  { limit, leaseMs, processor: fc.constantFrom(...processors) },
  (world, { processor, ...asked }) => claim(world, { ...asked, processors: [processor] }),
  'claimed',
)

export const claimFromQueues = kindOf(
  'claimFromQueues',
  { limit, leaseMs, queues: fc.subarray([...queues]) },
  claim,
  'claimed',
)

export const claimExceptQueues = kindOf(
  'claimExceptQueues',
  { limit, leaseMs, exceptQueues: fc.subarray([...queues, 'none']) },
  claim,
  'claimed',
)

export const claimByAge = kindOf(
  'claimByAge',
  { limit, leaseMs },
  (world, asked) => claim(world, { ...asked, order: 'age' }),
  'claimed',
)

/** Its reply was lost, and much has happened since. */
export const claimAgain = kindOf(
  'claimAgain',
  { claim: anyPlace },
  ({ claims }, { claim }) => {
    const request = pick(claims, claim)
    return request && { do: 'claim', request }
  },
  'claimed',
)
