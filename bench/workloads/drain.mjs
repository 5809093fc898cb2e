import { perSecond } from './enqueue.mjs'
import { assertCompleted, createLedger, enqueueAll } from './ledger.mjs'

/** All jobs are there; then work begins. From the start of the first handler to the end of the last. */
export const drain = concurrency => async trial => {
  await drained(trial, 'warm', { jobs: Math.min(trial.jobs, 2_000), concurrency })
  const cpuBefore = process.cpuUsage()
  const elapsedMs = await drained(trial, 'main', { jobs: trial.jobs, concurrency })
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    'jobs/s': perSecond(trial.jobs, elapsedMs),
    'CPU µs/job': (user + system) / trial.jobs,
    'peak MB': process.resourceUsage().maxRSS / 1_024,
  }
}

/** How a queue ages: the same drain on an empty store, in front of a backlog, and beside ended jobs that were kept. */
export async function growth(trial) {
  const { jobs, backlog, ended } = trial
  const concurrency = 100
  await drained(trial, 'warm', { jobs: Math.min(jobs, 2_000), concurrency })
  const empty = perSecond(jobs, await drained(trial, 'empty', { jobs, concurrency }))
  const ahead = perSecond(jobs, await drained(trial, 'backlog', { jobs, backlog, concurrency }))
  const beside = perSecond(jobs, await drained(trial, 'ended', { jobs, ended, concurrency }))
  return {
    'empty jobs/s': empty,
    [`backlog ${backlog} %`]: (ahead / empty) * 100,
    [`ended ${ended} %`]: (beside / empty) * 100,
  }
}

async function drained({ open }, part, { jobs, concurrency, backlog = 0, ended = 0 }) {
  if (ended > 0) await once(open, part, { jobs: ended, concurrency })
  return once(open, part, { jobs, backlog, ended, concurrency })
}

async function once(open, part, { jobs, concurrency, backlog = 0, ended = 0 }) {
  const contestant = await open(part, { concurrency })
  await enqueueAll(contestant, jobs + backlog)
  const ledger = createLedger(jobs + backlog, jobs)
  await contestant.work(ledger.handler)
  const elapsedMs = await ledger.elapsedMs
  if (backlog === 0) await assertCompleted(contestant, ended + jobs)
  await contestant.stop()
  ledger.check()
  await contestant.close()
  return elapsedMs
}
