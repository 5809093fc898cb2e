import type { Clock } from '@longhaul/core'
import { StoreError } from '@longhaul/core/store'
import type { Life } from '../life.js'

/** What may happen at a call of the store. */
export const faultNames = [
  'crash before',
  'crash after',
  'error before',
  'error after',
  'late reply',
  'late call',
] as const

export type FaultName = (typeof faultNames)[number]

/** The process that it happens to. */
export interface Target {
  readonly life: Life
  readonly clock: Clock
  /** How late a late call or reply is: longer than a lease. */
  readonly lateMs: number
}

type Strike = (call: () => Promise<unknown>, target: Target) => Promise<unknown>

export const strikes: Readonly<Record<FaultName, Strike>> = {
  'crash before': (_, { life }) => crash(life),

  'crash after': (call, { life }) => {
    const applied = call()
    const gone = crash(life)
    return applied.then(() => gone)
  },

  'error before': () => Promise.reject(lost()),

  'error after': async call => {
    await call()
    throw lost()
  },

  'late reply': async (call, { clock, lateMs }) => {
    const reply = await call()
    await clock.sleep(lateMs)
    return reply
  },

  'late call': async (call, { life, lateMs }) => {
    life.pause(lateMs)
    await life.step()
    return call()
  },
}

export function isCrash(fault: FaultName): boolean {
  return fault.startsWith('crash')
}

function crash(life: Life): Promise<void> {
  life.end()
  return life.step()
}

function lost(): StoreError {
  const message = 'The simulated store did not answer. Try again.'
  return new StoreError('store_unavailable', 'simulation', message, { retryable: true })
}
