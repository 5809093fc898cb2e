import type { MakeJob } from './client/new-job.js'
import type { Clock } from './clock.js'
import type { EngineEvent } from './engine/events.js'
import type { SlotUse } from './engine/worker.js'
import type { Events } from './events.js'
import { createHealth, createVitals, type Health, healthThresholds } from './health/index.js'
import { createLog } from './logger/index.js'
import { createMetrics, Tally } from './metrics/index.js'
import { around, aroundAttempts, aroundMaking, aroundStore, type Middleware } from './middleware/index.js'
import type { Paused } from './pauses/index.js'
import { systemProcess } from './process-usage.js'
import type { AnyProcessor } from './processor/types.js'
import type { Redactor } from './redact/index.js'
import type { RunnerOptions } from './runner-options.js'
import type { Job, Store } from './store/index.js'

export interface InstrumentsDeps {
  readonly options: RunnerOptions<readonly AnyProcessor[]>
  readonly clock: Clock
  readonly redactor: Redactor
  readonly events: Events
}

/** What the views of a runner are made of, once it is there. */
export interface ViewDeps {
  readonly store: Store
  readonly processors: ReadonlyMap<string, AnyProcessor>
  opened(): Promise<void>
  paused(): Paused
  slots(): SlotUse | undefined
}

/** Who looks on while a runner works, and what it shows of itself. What nobody asked for is not made. */
export function createInstruments({ options, clock, redactor, events }: InstrumentsDeps) {
  const { middleware = [], logger, timeStoreCalls = false, process = systemProcess, queues } = options
  const now = () => clock.now()
  const limits = healthThresholds(options.health ?? {}, options.pollMs ?? 1_000)
  const vitals = createVitals(now)
  const tally = new Tally()
  const log = logger && createLog(logger, redactor, error => events.notify({ type: 'error', error }))
  const listeners = [events, vitals, tally, log].filter(listener => listener !== undefined)

  return {
    ...wrappers(
      [...middleware, ...(timeStoreCalls ? [{ storeCall: tally.storeCall.bind(tally) }] : [])],
      options.store,
      now,
    ),

    notify(event: EngineEvent): void {
      for (const listener of listeners) listener.notify(event)
    },

    enqueued(job: Job): void {
      events.enqueued(job)
      tally.enqueued(job)
      log?.enqueued(job)
    },

    views: (deps: ViewDeps): { metrics(): Promise<string>; health(): Promise<Health> } => {
      const shared = { ...deps, clock, queues, vitals, process }
      return {
        metrics: createMetrics({ ...shared, tally, storeTimeoutMs: limits.storeTimeoutMs }),
        health: createHealth({ ...shared, limits, redact: redactor.text }),
      }
    },
  }
}

/** Each is there only if a middleware needs it. */
function wrappers(middleware: readonly Middleware[], store: Store, now: () => number) {
  const attempts = around(middleware.map(member => member.attempt?.bind(member)))
  const calls = around(middleware.map(member => member.storeCall?.bind(member)))
  const enqueues = around(middleware.map(member => member.enqueue?.bind(member)))
  return {
    store: calls ? aroundStore(store, calls, now) : store,
    aroundAttempt: attempts && aroundAttempts(attempts),
    aroundMaking: enqueues && ((make: MakeJob) => aroundMaking(enqueues, make)),
  }
}
