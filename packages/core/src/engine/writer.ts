import type { Clock, Random } from '../clock.js'
import { LeaseLostError } from '../errors.js'
import { backoffMs } from '../retry/backoff.js'
import {
  type Committed,
  isLonghaulError,
  type Job,
  type Standing,
  type StoreError,
  type Transaction,
  type Write,
} from '../store/index.js'
import { codeOf } from './error-code.js'

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
export class Writer {
  readonly #job: Job
  readonly #deps: WriterDeps
  #seq = 0
  #leaseEndsAt: number

  constructor(job: Job, deps: WriterDeps) {
    this.#job = job
    this.#deps = deps
    this.#leaseEndsAt = deps.clock.now() + deps.leaseMs
  }

  /** Whether the lease ended, as far as can be told here: then nothing more can be written. */
  get leaseIsOver(): boolean {
    return this.#deps.clock.now() >= this.#leaseEndsAt
  }

  /** @throws {LeaseLostError} @throws {StoreError} when the store stays out of reach for the rest of the lease. */
  async write(change: Change): Promise<Standing> {
    const write = this.#next(change)
    const sentAt = this.#deps.clock.now()
    for (let attempt = 1; ; attempt++) {
      try {
        return this.#settle(write, sentAt, await this.#deps.commit(write))
      } catch (error) {
        if (!isRetryable(error) || this.#deps.clock.now() >= this.#leaseEndsAt) throw error
        await this.#deps.clock.sleep(backoffMs(retryBackoff, attempt, error, this.#deps.random))
      }
    }
  }

  /**
   * Reaches the store before it returns, so that it fits into a synchronous transaction, and is refused there before
   * that can be committed. Never repeated.
   *
   * @throws {LeaseLostError} also at once.
   */
  writeVia(change: Change, via: Transaction): Promise<Standing> {
    const write = this.#next(change)
    const sentAt = this.#deps.clock.now()
    const refused = (error: unknown): never => {
      throw codeOf(error) === 'write_refused' ? lost(write, 'it is held no more') : error
    }
    try {
      const committing = this.#deps.commitVia(write, via)
      return committing.then(committed => this.#settle(write, sentAt, committed), refused)
    } catch (error) {
      return refused(error)
    }
  }

  #next(change: Change): Write {
    return { id: this.#job.id, token: this.#job.token, seq: ++this.#seq, ...change }
  }

  #settle(write: Write, sentAt: number, { accepted, job }: Committed): Standing {
    if (!accepted || !job) throw lost(write, reasonOf(write, job))
    if (write.patch.leaseMs !== undefined) this.#leaseEndsAt = sentAt + write.patch.leaseMs
    return job
  }
}

function lost({ id, token }: Write, reason: string) {
  return new LeaseLostError(id, token, reason)
}

function isRetryable(error: unknown): boolean {
  return !isLonghaulError(error) || (error as StoreError).retryable === true
}

function reasonOf({ token }: Write, stored: Standing | undefined): string {
  if (!stored) return 'it was deleted'
  if (stored.token !== token) return `token ${stored.token} took it over`
  return stored.state === 'running' ? 'its lease ended' : `it is ${stored.state}`
}
