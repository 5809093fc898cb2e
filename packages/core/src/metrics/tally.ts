import type { EngineEvent, Subject } from '../engine/events.js'
import type { StoreCall } from '../middleware/index.js'
import type { Job, Progress } from '../store/index.js'
import { Counter } from './counter.js'
import type { Family } from './exposition.js'
import { Histogram } from './histogram.js'

/** In seconds. */
const attemptBounds = [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800]
const callBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** What one runner has done so far, counted as it happens. */
export class Tally {
  readonly #attempts = new Counter('processor', 'outcome')
  readonly #attemptSeconds = new Histogram('processor', attemptBounds)
  readonly #items = new Counter('processor', 'outcome')
  readonly #enqueued = new Counter('processor')
  readonly #stuck = new Counter('processor')
  readonly #claims = new Counter()
  readonly #claimed = new Counter()
  readonly #callSeconds = new Histogram('method', callBounds)
  readonly #callErrors = new Counter('method')
  /** The progress of jobs that are under way, as far as it was counted. */
  readonly #counted = new WeakMap<Subject, Progress>()

  enqueued({ processor }: Job): void {
    this.#enqueued.add(1, processor)
  }

  notify(event: EngineEvent): void {
    switch (event.type) {
      case 'started':
      case 'beat':
      case 'error':
        break
      case 'saved':
        this.#countItems(event.job)
        break
      case 'stuck':
        this.#stuck.add(1, event.job.claimed.processor)
        break
      case 'claimed':
        this.#countClaim(event.jobs)
        break
      default:
        this.#countAttempt(event.job, event.type)
    }
  }

  /** To be the innermost of its kind, so that nothing else is counted in. */
  async storeCall({ name, elapsedMs }: StoreCall, next: () => Promise<unknown>): Promise<unknown> {
    try {
      return await next()
    } catch (error) {
      this.#callErrors.add(1, name)
      throw error
    } finally {
      this.#callSeconds.record(elapsedMs() / 1_000, name)
    }
  }

  #countClaim(jobs: number): void {
    this.#claims.add(1)
    this.#claimed.add(jobs)
  }

  #countAttempt(job: Subject, outcome: string): void {
    const { processor } = job.claimed
    this.#attempts.add(1, processor, outcome)
    this.#attemptSeconds.record(job.tookMs / 1_000, processor)
    if (outcome !== 'lost') this.#countItems(job)
  }

  /** A handler may take back what it reported; a count only grows. */
  #countItems(job: Subject): void {
    const before = this.#counted.get(job) ?? job.claimed.progress
    const { progress } = job
    if (progress === before) return
    this.#counted.set(job, progress)
    const { processor } = job.claimed
    this.#items.add(succeeded(progress) - succeeded(before), processor, 'completed')
    this.#items.add(progress.failed - before.failed, processor, 'failed')
    this.#items.add(progress.skipped - before.skipped, processor, 'skipped')
  }

  families(): readonly Family[] {
    return [
      counter('longhaul_jobs_enqueued_total', 'Jobs that were stored.', this.#enqueued),
      counter('longhaul_claims_total', 'Answered asks for jobs.', this.#claims),
      counter('longhaul_jobs_claimed_total', 'Jobs that claims gave.', this.#claimed),
      counter('longhaul_attempts_total', 'Attempts that ended, by what became of the job.', this.#attempts),
      histogram('longhaul_attempt_seconds', 'How long attempts took.', this.#attemptSeconds),
      counter('longhaul_items_total', 'Items that ended.', this.#items),
      counter('longhaul_handlers_stuck_total', 'Handlers that did not stop when told to.', this.#stuck),
      histogram('longhaul_store_call_seconds', 'How long calls of the store took.', this.#callSeconds),
      counter('longhaul_store_call_errors_total', 'Calls of the store that failed.', this.#callErrors),
    ]
  }
}

function succeeded({ done, failed, skipped }: Progress): number {
  return done - failed - skipped
}

function counter(name: string, help: string, source: Pick<Counter<[]>, 'samples'>): Family {
  return { name, type: 'counter', help, samples: source.samples() }
}

function histogram(name: string, help: string, source: Histogram): Family {
  return { name, type: 'histogram', help, samples: source.samples() }
}
