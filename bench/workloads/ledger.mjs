/** Counts how often each of the jobs `0 … jobs - 1` ran, and when the first one began and the last one ended. */
export function createLedger(jobs, enough = jobs) {
  const runs = new Uint8Array(jobs)
  const { promise, resolve } = deferred()
  let ran = 0
  let beganAt = 0

  return {
    async handler({ n }) {
      if (ran === 0) beganAt = nowMs()
      runs[n]++
      if (++ran === enough) resolve(nowMs() - beganAt)
    },
    /** Milliseconds from the start of the first job to the end of the last. */
    elapsedMs: promise,
    /** @throws when a job ran twice, or, where all had to, never. */
    check() {
      assertOnce(runs, enough === jobs)
    },
  }
}

export function assertOnce(runs, all) {
  const twice = runs.filter(times => times > 1).length
  const never = all ? runs.filter(times => times === 0).length : 0
  if (twice + never > 0) throw new Error(`${never} jobs never ran, ${twice} ran more than once`)
}

/** One clock for all processes of the machine. */
export function nowMs() {
  return Number(process.hrtime.bigint()) / 1e6
}

export function deferred() {
  let resolve
  const promise = new Promise(settle => {
    resolve = settle
  })
  return { promise, resolve }
}

/** A thousand at a time. */
export async function enqueueAll(contestant, jobs) {
  for (let from = 0; from < jobs; from += 1_000) {
    await contestant.enqueueMany(payloads(from, Math.min(1_000, jobs - from)))
  }
}

function payloads(from, count) {
  return Array.from({ length: count }, (_, index) => payload(from + index))
}

export function payload(n) {
  return { n, account: 'acme', address: 'user@example.org', at: '2026-01-01T00:00:00.000Z' }
}

/** @throws when not all jobs come to be recorded as completed within ten seconds. */
export async function assertCompleted(contestant, jobs) {
  const until = nowMs() + 10_000
  while ((await contestant.completed(jobs)) !== jobs) {
    if (nowMs() > until) throw new Error(`${await contestant.completed()} of ${jobs} jobs are completed`)
    await pause(50)
  }
}

export function pause(ms) {
  return new Promise(resolve => setTimeout(resolve, ms))
}
