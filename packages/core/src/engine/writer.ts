import type { Clock, Random } from '../clock.js'
import { LeaseLostError } from '../errors.js'
import { backoffMs } from '../retry/backoff.js'
import {
  type Committed,
  isLonghaulError,
  type Job,
  type StoreError,
  type Transaction,
  type Write,
} from '../store/index.js'

/** What a write says, without who writes. */
export type Change = Omit<Write, 'id' | 'token' | 'seq'>

export interface WriterDeps {
  readonly clock: Clock
  readonly random: Random
  readonly leaseMs: number
  commit(write: Write): Promise<Committed>
  commitVia(write: Write, via: Transaction): Promise<Committed>
}

const retryBackoff = { type: 'exponential', delayMs: 50, maxMs: 2_000 } as const

/**
 * The one hand that writes about a claimed job: each write carries the claim's token and the next number, and is
 * repeated as it is while the store can't be reached and the lease may still hold.
 */
export function createWriter(job: Job, deps: WriterDeps) {
  let seq = 0
  let leaseEndsAt = deps.clock.now() + deps.leaseMs

  const next = (change: Change): Write => ({ id: job.id, token: job.token, seq: ++seq, ...change })

  async function repeat(write: Write): Promise<Committed> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await deps.commit(write)
      } catch (error) {
        if (!isRetryable(error) || deps.clock.now() >= leaseEndsAt) throw error
        await deps.clock.sleep(backoffMs(retryBackoff, attempt, error, deps.random))
      }
    }
  }

  async function settle(write: Write, sentAt: number, committing: Promise<Committed>): Promise<Job> {
    const { accepted, job: stored } = await committing
    if (!accepted || !stored) throw new LeaseLostError(job.id, job.token, reasonOf(job, stored))
    if (write.patch.leaseMs !== undefined) leaseEndsAt = sentAt + write.patch.leaseMs
    return stored
  }

  return {
    /** @throws {LeaseLostError} @throws {StoreError} when the store stays out of reach for the rest of the lease. */
    write(change: Change): Promise<Job> {
      const write = next(change)
      return settle(write, deps.clock.now(), repeat(write))
    },

    /** Reaches the store before it returns, so that it fits into a synchronous transaction. Never repeated. */
    writeVia(change: Change, via: Transaction): Promise<Job> {
      const write = next(change)
      return settle(write, deps.clock.now(), deps.commitVia(write, via))
    },
  }
}

function isRetryable(error: unknown): boolean {
  return !isLonghaulError(error) || (error as StoreError).retryable === true
}

function reasonOf(held: Job, stored: Job | undefined): string {
  if (!stored) return 'it was deleted'
  if (stored.token !== held.token) return `token ${stored.token} took it over`
  return stored.state === 'running' ? 'its lease ended' : `it is ${stored.state}`
}
