import { setTimeout as sleep } from 'node:timers/promises'
import { createRunner, type Runner } from '@longhaul/core'
import { type FaultProxy, faultProxy, type ProxiedConnection } from '@longhaul/test-servers'
import { faults } from './faults.js'
import { type Case, holdMs, leaseMs } from './matrix.js'
import type { Place } from './places.js'
import { caseProcessors } from './processors.js'
import { type Event, type WatchedStore, watchedStore } from './watched-store.js'

export const slots = 4

/** How long a call of the worker may take, and one of whoever has a good network. */
const timeoutMs = 1_000
const patienceMs = 20_000

/** All that plays a part in one case. */
export interface Stage extends ReturnType<typeof caseProcessors> {
  readonly proxy: FaultProxy
  readonly listening: string
  /** Works through the proxy. */
  readonly worker: WatchedStore & { readonly runner: Runner }
  /** Enqueues, looks and takes over past the proxy. */
  readonly rival: WatchedStore & { readonly runner: Runner }
  /** What happened at the two stores. */
  readonly events: readonly Event[]
  /** Brings the network down. */
  strike(target: FaultProxy | ProxiedConnection): void
  enqueueWalks(count: number, held?: boolean): Promise<void>
  close(): Promise<void>
}

export async function setUpStage({ fault, hold }: Case, place: Place): Promise<Stage> {
  const proxy = await faultProxy(place.url)
  const processors = caseProcessors(slots)
  const events: Event[] = []

  const actor = (url: string, timeoutMs: number) => {
    const watched = watchedStore(place.open(url, timeoutMs), event => events.push(event))
    const runner = createRunner({
      store: watched.store,
      processors: [processors.walk, processors.meet],
      concurrency: slots,
      leaseMs,
      pollMs: 250,
    })
    return Object.assign(watched, { runner })
  }
  const [worker, rival] = [actor(proxy.url, timeoutMs), actor(place.url, patienceMs)]

  return {
    ...processors,
    proxy,
    listening: place.listening,
    worker,
    rival,
    events,
    strike: target => faults[fault](target, hold),
    async enqueueWalks(count, held = false) {
      const jobs = Array.from({ length: count }, () => ({ input: { held } }))
      await rival.runner.enqueueMany(processors.walk, jobs)
    },
    async close() {
      await Promise.all([worker.runner.close({ graceMs: 1_000 }), rival.runner.close()])
      await proxy.close()
      await place.remove()
    },
  }
}

/** Lets the fault last. Meanwhile the rival takes over whatever is left alone for a lease. */
export async function holdFor({ rival }: Stage, { hold }: Case): Promise<void> {
  const until = performance.now() + holdMs[hold]
  while (performance.now() < until) {
    await sleep(100)
    if (hold === 'longer') await rival.runner.work()
  }
}
