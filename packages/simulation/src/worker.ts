import {
  type AnyProcessor,
  type Clock,
  createRunner,
  type Random,
  type Runner,
  type RunnerOptions,
} from '@longhaul/core'
import type { Store } from '@longhaul/core/store'
import type { Note } from './events.js'
import { isCrash } from './faults/faults.js'
import { type FaultPlan, faultyStore } from './faults/faulty-store.js'
import { clockOf, type Life } from './life.js'
import type { Hands, Scenario } from './scenarios/index.js'
import { watchedHandlers, watchedReach } from './watched-worker.js'

export const leaseMs = 3_000
const pollMs = 2_000

/** What all workers of a run share. */
export interface Workplace {
  readonly scenario: Scenario
  readonly clock: Clock
  readonly random: Random
  readonly store: Store
  readonly lateMs: number
  readonly note: Note
  plan(worker: number): FaultPlan
  onCrash(): void
}

/** Works until its life ends. */
export function beginWorker(worker: number, life: Life, place: Workplace): void {
  const { passMs, ...scenario } = place.scenario
  const clock = clockOf(life, place.clock)
  const watched = { worker, life, clock: place.clock, note: place.note }
  const store = watchedReach(reachedStore(worker, life, place), watched)
  const processors = scenario.processors(handsOf(worker, life, place))
  const middleware = [watchedHandlers(watched)]
  const runner = employ({ ...place, store, clock }, { processors, middleware })
  void (passMs === undefined ? startAtLast(runner, clock) : comeForPasses(runner, clock, passMs))
}

/** A runner of this place, also for those who only ask. */
export function employ(
  { scenario, store, clock, random }: Pick<Workplace, 'scenario' | 'store' | 'clock' | 'random'>,
  own: Pick<RunnerOptions<readonly AnyProcessor[]>, 'processors' | 'middleware'>,
): Runner {
  const common = { leaseMs, pollMs, concurrency: 2, retention: false, redact: false } as const
  return createRunner({ store, clock, random, ...common, ...scenario.options, ...own })
}

export function handsOf(
  worker: number,
  life: Life,
  { clock, note }: Pick<Workplace, 'clock' | 'note'>,
): Hands {
  return {
    async act({ jobId, token }, item = '') {
      await life.step()
      note({ type: 'effect', at: clock.now(), worker, job: jobId, token, item: String(item) })
    },
    async spend(ms, signal) {
      await clockOf(life, clock).sleep(ms, { signal })
      return !signal?.aborted
    },
  }
}

function reachedStore(worker: number, life: Life, place: Workplace): Store {
  const { store, clock, lateMs, note, onCrash } = place
  const plan = place.plan(worker)
  return faultyStore(store, { life, clock, lateMs }, call => {
    const fault = plan(call)
    note({ type: 'called', at: clock.now(), worker, call, fault })
    if (fault && isCrash(fault)) onCrash()
    return fault
  })
}

/** As a function does that is called again and again. */
async function comeForPasses(runner: Runner, clock: Clock, budgetMs: number): Promise<void> {
  for (;;) {
    await runner.work({ budgetMs }).catch(() => undefined)
    await clock.sleep(budgetMs)
  }
}

/** As a process does that is started again while it can not begin. */
async function startAtLast(runner: Runner, clock: Clock): Promise<void> {
  const failed = () =>
    runner.start().then(
      () => false,
      () => true,
    )
  while (await failed()) await clock.sleep(pollMs)
}
