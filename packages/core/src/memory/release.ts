import { satisfies } from '../store/index.js'
import type { Entry, Tables } from './tables.js'

/** Those who wait for a job that has just ended wait for one less. */
export function release(tables: Tables, ended: Entry): void {
  for (const [waiter, outcome] of ended.waiters) {
    if (!satisfies(ended.job.state, outcome)) continue
    ended.waiters.delete(waiter)
    if (tables.has(waiter)) countDown(tables, waiter)
  }
}

/** Whether somebody waits for a job. */
export function isAwaited(tables: Tables, { waiters }: Entry): boolean {
  return [...waiters.keys()].some(waiter => tables.has(waiter))
}

function countDown(tables: Tables, waiter: Entry): void {
  const waitsFor = waiter.job.waitsFor - 1
  const isReleased = waitsFor === 0 && waiter.job.state === 'blocked'
  tables.change(waiter, isReleased ? { waitsFor, state: 'waiting' } : { waitsFor })
  if (isReleased) tables.released++
}
