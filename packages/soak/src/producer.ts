import { setTimeout as sleep } from 'node:timers/promises'
import { type AnyProcessor, type EnqueueOptions, type Runner, StoreError } from '@longhaul/core'
import type { EnqueuedJob } from './evidence.js'
import { soakProcessors } from './processors.js'

/** Each tick wakes every worker: some a second are enough. */
const tickMs = 500
const againMs = 100
/** A server is back by then. */
const patienceMs = 30_000
const laneCount = 6
const laneLimit = 2

/** The processors as a producer knows them: it works nothing. */
export const producible = Object.values(soakProcessors(() => {}))

interface PlannedJob extends EnqueueOptions {
  readonly input: { readonly items: number }
  readonly lane?: { readonly key: string; readonly limit: number }
}

/** Enqueues `count` jobs over the time. Where the answer is lost it asks again: the keys make that safe. */
export async function produce(
  runner: Runner,
  count: number,
  durationMs: number,
): Promise<readonly EnqueuedJob[]> {
  const enqueued: EnqueuedJob[] = []
  const startedAt = Date.now()
  for (let next = 0; next < count; ) {
    await sleep(tickMs)
    const due = Math.min(count, Math.ceil((count * (Date.now() - startedAt)) / durationMs))
    const numbers = Array.from({ length: due - next }, (_, index) => next + index)
    for (const processor of producible) {
      const jobs = numbers.filter(number => processorOf(number) === processor).map(plan)
      if (jobs.length > 0) enqueued.push(...(await enqueue(runner, processor, jobs)))
    }
    next = due
  }
  return enqueued
}

/** All alike. */
function processorOf(number: number): AnyProcessor {
  return producible[number % producible.length] as AnyProcessor
}

/** From 3 to 20 items; every seventh job in a lane. */
function plan(number: number): PlannedJob {
  const lane = number % 7 === 0 ? { lane: { key: `lane ${number % laneCount}`, limit: laneLimit } } : {}
  return { input: { items: 3 + ((number * 7) % 18) }, key: `job ${number}`, ...lane }
}

async function enqueue(
  runner: Runner,
  processor: AnyProcessor,
  jobs: readonly PlannedJob[],
): Promise<readonly EnqueuedJob[]> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(againMs)) {
    try {
      const stored = await runner.enqueueMany(processor, jobs)
      return jobs.map(({ input, lane }, index) => {
        const { id } = stored[index] as { id: string }
        return { id, items: input.items, lane: lane?.key ?? null, laneLimit }
      })
    } catch (error) {
      const again = error instanceof StoreError && error.retryable && Date.now() < deadline
      if (!again) throw error
    }
  }
}
