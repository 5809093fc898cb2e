import type { JobEvent, Patch, Write } from '@longhaul/core/store'
import fc from 'fast-check'
import { type Hold, liveHolds, pick, type World } from '../world/world.js'
import { longLeaseMs, shortLeaseMs } from './claims.js'
import { anyPlace, kindOf } from './kind.js'
import type { Fields } from './records.js'

type Said = Omit<Write, 'id' | 'token' | 'seq'>

/** The next write of a hold. */
export function writeBy({ id, token, seq }: Hold, said: Said): Write {
  return { id, token, seq: seq + 1, ...said }
}

const holder = { holder: anyPlace }
type Holder = { readonly holder: number }

/** One that still holds a job writes about it. */
export function holderSays<Choice extends object>(
  name: string,
  choices: Fields<Choice>,
  say: (hold: Hold, choice: Choice, world: World) => Said,
  event?: JobEvent,
) {
  return kindOf<Holder & Choice>(
    name,
    { ...holder, ...choices } as never,
    (world, choice) => {
      const hold = pick(liveHolds(world), choice.holder)
      return hold && { do: 'commit', writes: [writeBy(hold, say(hold, choice, world))] }
    },
    event,
  )
}

const delayMs = fc.constantFrom(0, 5_000, 30_000)
const error = fc.constantFrom('e1', 'e2')

/** Work goes on: the cursor is one further. */
export function progressOf({ cursor }: Hold): Pick<Patch, 'cursor' | 'progress'> {
  const done = cursor + 1
  return {
    cursor: `${done}`,
    progress: { done, failed: done % 2, skipped: done % 3, total: done > 1 ? 9 : null },
  }
}

export const checkpoint = holderSays(
  'checkpoint',
  { memo: fc.constantFrom(null, 'm') },
  (hold, { memo }) => ({
    patch: { ...progressOf(hold), memo, attempts: 0, crashes: 0 },
  }),
)

export const renew = holderSays(
  'renew',
  { leaseMs: fc.constantFrom(shortLeaseMs, longLeaseMs) },
  (_, { leaseMs }) => ({ patch: { leaseMs } }),
)

export const giveBack = holderSays(
  'giveBack',
  {},
  hold => ({ patch: { ...progressOf(hold), state: 'waiting', interruptions: hold.token } }),
  'yielded',
)

export const throttle = holderSays(
  'throttle',
  { delayMs },
  ({ token }, { delayMs }) => ({ patch: { state: 'waiting', delayMs, throttles: token } }),
  'throttled',
)

export const retryLater = holderSays(
  'retryLater',
  { delayMs, error },
  ({ token }, { delayMs, error }) => ({ patch: { state: 'waiting', delayMs, error, attempts: token } }),
  'failed',
)

export const fail = holderSays(
  'fail',
  { error },
  ({ token }, { error }) => ({ patch: { state: 'failed', error, attempts: token } }),
  'exhausted',
)

export const complete = holderSays(
  'complete',
  { output: fc.constantFrom(null, '{}') },
  (hold, { output }) => ({ patch: { ...progressOf(hold), state: 'completed', output } }),
  'completed',
)

export const completeWithErrors = holderSays(
  'completeWithErrors',
  { error },
  (hold, { error }) => ({ patch: { ...progressOf(hold), state: 'completed_with_errors', error } }),
  'completed_with_errors',
)

/** As after it saw the wish; it may do so unasked too. */
export const stopCancelled = holderSays(
  'stopCancelled',
  {},
  () => ({ patch: { state: 'cancelled' } }),
  'cancel',
)

export const stopPaused = holderSays(
  'stopPaused',
  {},
  hold => ({ patch: { ...progressOf(hold), state: 'paused' } }),
  'pause',
)
