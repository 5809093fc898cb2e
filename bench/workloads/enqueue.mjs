import { enqueueAll, nowMs, payload } from './ledger.mjs'

const inFlight = 100

/** Jobs one by one, of which 100 are on their way at any time. */
export async function enqueueSingle({ open, jobs }) {
  await timed(open, 'warm', Math.min(jobs, 2_000), oneByOne)
  return { 'jobs/s': perSecond(jobs, await timed(open, 'main', jobs, oneByOne)) }
}

/** Jobs a thousand at a time. */
export async function enqueueBulk({ open, jobs }) {
  await timed(open, 'warm', Math.min(jobs, 2_000), enqueueAll)
  return { 'jobs/s': perSecond(jobs, await timed(open, 'main', jobs, enqueueAll)) }
}

async function timed(open, part, jobs, enqueue) {
  const contestant = await open(part, { concurrency: 1 })
  const beganAt = nowMs()
  await enqueue(contestant, jobs)
  const elapsedMs = nowMs() - beganAt
  await contestant.close()
  return elapsedMs
}

async function oneByOne(contestant, jobs) {
  let next = 0
  const lane = async () => {
    while (next < jobs) await contestant.enqueue(payload(next++))
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
}

export function perSecond(jobs, elapsedMs) {
  return (jobs / elapsedMs) * 1_000
}
