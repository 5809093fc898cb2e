import { type After, satisfies } from '../store/index.js'
import type { Entry, Tables } from './tables.js'

/** Tells those who wait for a job that it has just ended: they wait for one less, or in vain. */
export function release(tables: Tables, ended: Entry, now: number): void {
  for (const [waiter, outcome] of ended.waiters) {
    if (tables.has(waiter)) tell(tables, ended, waiter, outcome, now)
  }
}

/** Whether somebody waits for a job. */
export function isAwaited(tables: Tables, { waiters }: Entry): boolean {
  return [...waiters.keys()].some(waiter => tables.has(waiter))
}

function tell(tables: Tables, ended: Entry, waiter: Entry, outcome: After['outcome'], now: number): void {
  if (!satisfies(ended.job.state, outcome)) {
    cancel(tables, waiter, now)
    return
  }
  ended.waiters.delete(waiter)
  const waitsFor = waiter.job.waitsFor - 1
  const isReleased = waitsFor === 0 && waiter.job.state === 'blocked'
  tables.change(waiter, isReleased ? { waitsFor, state: 'waiting' } : { waitsFor })
  if (isReleased) tables.released++
}

function cancel(tables: Tables, waiter: Entry, now: number): void {
  if (waiter.job.state !== 'blocked' && waiter.job.state !== 'paused') return
  tables.change(waiter, { state: 'cancelled', endedAt: now })
  release(tables, waiter, now)
}
