import { type After, satisfies } from '../store/index.js'
import type { Entry, Tables } from './tables.js'

/** Notes that a job waits for another one. */
export function awaitBy(on: Entry, waiter: Entry, outcome: After['outcome']): void {
  on.waiters ??= new Map()
  on.waiters.set(waiter, outcome)
}

/** Tells those who wait for a job that it has just ended: they wait for one less, or in vain; and so on. */
export function release(tables: Tables, ended: Entry, now: number): void {
  const ends = [ended]
  for (const on of ends) {
    for (const [waiter, outcome] of on.waiters ?? []) {
      if (!tables.has(waiter)) continue
      if (satisfies(on.job.state, outcome)) countDown(tables, on, waiter)
      else if (cancel(tables, waiter, now)) ends.push(waiter)
    }
  }
}

/** Whether somebody waits for a job. */
export function isAwaited(tables: Tables, { waiters }: Entry): boolean {
  return waiters !== undefined && [...waiters.keys()].some(waiter => tables.has(waiter))
}

function countDown(tables: Tables, on: Entry, waiter: Entry): void {
  on.waiters?.delete(waiter)
  const waitsFor = waiter.job.waitsFor - 1
  const isReleased = waitsFor === 0 && waiter.job.state === 'blocked'
  tables.change(waiter, isReleased ? { waitsFor, state: 'waiting' } : { waitsFor })
  if (isReleased) tables.released++
}

/** Answers whether that ended it. */
function cancel(tables: Tables, waiter: Entry, now: number): boolean {
  if (waiter.job.state !== 'blocked' && waiter.job.state !== 'paused') return false
  tables.change(waiter, { state: 'cancelled', endedAt: now })
  return true
}
