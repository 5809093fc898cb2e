import { nowMs, pause, payload } from './ledger.mjs'
import { startWorker } from './two-workers.mjs'

/** From the call of `enqueue` to the start of the handler, by an idle worker of the same process. */
export async function latency({ open, samples, seconds }) {
  const contestant = await open('main', { concurrency: 10 })
  const startedAt = new Map()
  await contestant.work(async ({ n }) => void startedAt.set(n, nowMs()))
  await pause(1_000)
  const figures = await sampled(contestant, { samples, seconds, startOf: n => startedAt.get(n) })
  await contestant.stop()
  await contestant.close()
  return figures
}

/** The same, with the worker in another process than the enqueue. */
export async function latencyAcross(trial) {
  const contestant = await trial.open('main', { concurrency: 10 })
  const worker = await startWorker(trial, 'main', 10)
  worker.go()
  await pause(1_000)
  const startOf = n => worker.seen.find(job => job.n === n)?.at
  const figures = await sampled(contestant, { ...trial, startOf })
  await worker.stop()
  await contestant.close()
  return figures
}

/** One at a time, after gaps that no poll can fall into step with. */
async function sampled(contestant, { samples, seconds, startOf }) {
  const until = nowMs() + seconds * 1_000
  const waits = []
  for (let n = 0; n < samples && nowMs() < until; n++) {
    await pause(10 + Math.random() * 50)
    const enqueuedAt = nowMs()
    await contestant.enqueue(payload(n))
    while (startOf(n) === undefined) await pause(1)
    waits.push(startOf(n) - enqueuedAt)
  }
  waits.sort((a, b) => a - b)
  return {
    'p50 ms': percentile(waits, 0.5),
    'p95 ms': percentile(waits, 0.95),
    'p99 ms': percentile(waits, 0.99),
  }
}

function percentile(sorted, share) {
  return sorted[Math.ceil(sorted.length * share) - 1]
}
