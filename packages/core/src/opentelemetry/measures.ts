import type { AttemptedJob, Next, StoreCall } from '../middleware/index.js'
import type { Attributes, Meter } from './api.js'

/** The numbers of a runner. Durations are seconds, as the semantic conventions have them. */
export function createMeasures(meter: Meter) {
  const attempts = meter.createCounter('longhaul.attempts', { description: 'Attempts by outcome.' })
  const durations = meter.createHistogram('messaging.process.duration', inSeconds('How long attempts took.'))
  const waits = meter.createHistogram(
    'longhaul.job.wait',
    inSeconds('From the insert of a job to its first claim, a delay that was asked for included.'),
  )
  const items = meter.createCounter('longhaul.items', { description: 'Items by outcome.' })
  const calls = meter.createHistogram(
    'longhaul.store.call.duration',
    inSeconds('How long calls of the store took.'),
  )

  function countItems(job: AttemptedJob, before: ReturnType<AttemptedJob['progress']>): void {
    const { done, failed, skipped } = job.progress()
    const of = { 'longhaul.processor': job.processor }
    const ended = {
      completed: done - failed - skipped - (before.done - before.failed - before.skipped),
      failed: failed - before.failed,
      skipped: skipped - before.skipped,
    }
    for (const [outcome, count] of Object.entries(ended))
      if (count > 0) items.add(count, { ...of, 'longhaul.item.outcome': outcome })
  }

  return {
    async attempt(job: AttemptedJob, next: Next): Promise<unknown> {
      const before = job.progress()
      if (job.waitedMs !== null) waits.record(job.waitedMs / 1_000, attributesOf(job))
      const outcome = await next().then(() => 'completed', job.outcomeOf)
      const of = { ...attributesOf(job), 'longhaul.job.outcome': outcome }
      attempts.add(1, of)
      durations.record(job.elapsedMs() / 1_000, of)
      countItems(job, before)
      return next()
    },

    async storeCall({ name, store, elapsedMs }: StoreCall, next: Next): Promise<unknown> {
      const failed = await next().then(
        () => false,
        () => true,
      )
      const of = { 'db.system.name': store, 'db.operation.name': name, 'longhaul.failed': failed }
      calls.record(elapsedMs() / 1_000, of)
      return next()
    },
  }
}

function attributesOf({ queue, processor }: AttemptedJob): Attributes {
  return {
    'messaging.system': 'longhaul',
    'messaging.operation.name': 'process',
    'messaging.destination.name': queue,
    'longhaul.processor': processor,
  }
}

function inSeconds(description: string) {
  return { description, unit: 's' }
}
