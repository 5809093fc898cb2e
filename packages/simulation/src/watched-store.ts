import type { Clock } from '@longhaul/core'
import type { After, JobState, Store } from '@longhaul/core/store'
import type { AwaitedJobs, Note } from './events.js'

const nobody: After = { ids: [], outcome: 'ended' }

/** Tells what was claimed and written, whether its caller hears of it or not. */
export function watchedStore(store: Store, clock: Clock, note: Note): Store {
  const waits = new Map<string, After>()

  async function awaitedBy(id: string): Promise<AwaitedJobs> {
    const { ids, outcome } = waits.get(id) ?? nobody
    const states: Record<string, JobState | undefined> = {}
    for (const awaited of ids) states[awaited] = (await store.get(awaited))?.state
    return { outcome, states }
  }

  return {
    ...store,

    async insert(jobs, via) {
      for (const { id, after } of jobs) if (after) waits.set(id, after)
      return store.insert(jobs, via)
    },

    async claim(request) {
      const jobs = await store.claim(request)
      for (const job of jobs)
        note({ type: 'claimed', at: clock.now(), request, job, awaited: await awaitedBy(job.id) })
      return jobs
    },

    async commit(writes, via) {
      const answers = await store.commit(writes, via)
      for (const [place, answer] of answers.entries()) {
        const write = writes[place]
        if (write) note({ type: 'written', at: clock.now(), write, answer })
      }
      return answers
    },
  }
}
