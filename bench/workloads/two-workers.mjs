import { fork } from 'node:child_process'
import { once } from 'node:events'
import { perSecond } from './enqueue.mjs'
import { assertCompleted, assertOnce, deferred, enqueueAll } from './ledger.mjs'

/** Two worker processes drain one store, each with half of the concurrency. */
export async function twoWorkers(trial) {
  await drainedByTwo(trial, 'warm', Math.min(trial.jobs, 2_000))
  return { 'jobs/s': perSecond(trial.jobs, await drainedByTwo(trial, 'main', trial.jobs)) }
}

async function drainedByTwo(trial, part, jobs) {
  const contestant = await trial.open(part, { concurrency: 1 })
  await enqueueAll(contestant, jobs)
  const workers = await Promise.all([startWorker(trial, part, 50), startWorker(trial, part, 50)])
  for (const worker of workers) worker.go()
  while (workers.reduce((sum, worker) => sum + worker.seen.length, 0) < jobs) {
    await Promise.race(workers.map(worker => worker.more()))
  }
  await assertCompleted(contestant, jobs)
  await Promise.all(workers.map(worker => worker.stop()))
  await contestant.close()
  const seen = workers.flatMap(worker => worker.seen)
  const runs = new Uint8Array(jobs)
  for (const { n } of seen) runs[n]++
  assertOnce(runs, true)
  const moments = seen.map(({ at }) => at).sort((a, b) => a - b)
  return moments.at(-1) - moments[0]
}

/** A process that works the jobs of `part`, and tells which it saw, and when. */
export async function startWorker(trial, part, concurrency) {
  const { open, ...plain } = trial
  const child = fork(new URL('../worker.mjs', import.meta.url), [
    JSON.stringify({ ...plain, part, concurrency }),
  ])
  const seen = []
  let news = deferred()
  child.on('message', message => {
    if (message.seen) seen.push(...message.seen)
    news.resolve()
    news = deferred()
  })
  child.on('exit', code => {
    if (code) throw new Error(`A worker ended with exit code ${code}`)
  })
  await once(child, 'message')
  return {
    seen,
    more: () => news.promise,
    go: () => child.send('go'),
    async stop() {
      child.send('stop')
      await once(child, 'exit')
    },
  }
}
