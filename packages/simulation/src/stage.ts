import { type Clock, createRunner, memoryStore, type Random, type Runner } from '@longhaul/core'
import type { Store } from '@longhaul/core/store'
import { type FakeClock, fakeClock } from '@longhaul/core/testing'
import type { Event, Note } from './events.js'
import { type FaultPlan, faultyStore } from './faults/faulty-store.js'
import { clockOf, createLife, type Life } from './life.js'
import { seeded } from './random.js'
import type { Hands, Scenario } from './scenarios/index.js'
import { watchedStore } from './watched-store.js'

export const leaseMs = 3_000
const pollMs = 2_000
const replacedAfterMs = 100

/** How one run differs from another of the same scenario. */
export interface Setting {
  readonly seed: number
  /** By the name of the worker: `first`, `second`, and so on for those that come for one that crashed. */
  plan(worker: string): FaultPlan
  /** How late a late call or reply is. */
  readonly lateMs: number
  /** Whether another worker comes for each that crashed. */
  readonly replaces: boolean
  /** Stands between the store and all who use it. */
  wrap?(store: Store): Store
}

/** All that plays a part in one run. */
export interface Stage {
  readonly clock: FakeClock
  readonly store: Store
  readonly client: Runner
  readonly events: readonly Event[]
  /** Lets the next worker begin. */
  hire(): void
  /** Nothing runs any more. */
  end(): void
}

export function setUpStage(scenario: Scenario, setting: Setting): Stage {
  const clock = fakeClock()
  const random = seeded(setting.seed)
  const events: Event[] = []
  const note: Note = event => events.push(event)
  const kept = memoryStore({ clock })
  const store = watchedStore(setting.wrap?.(kept) ?? kept, clock, note)
  const lives: Life[] = []

  function hire(): void {
    const life = createLife(clock)
    const name = names[lives.push(life) - 1] ?? `number ${lives.length}`
    const ownClock = clockOf(life, clock)
    const reached = reachedStore(name, life)
    const processors = scenario.processors(handsOf(name, life))
    const { concurrency = 2, schedules = [] } = scenario
    const runner = employ(reached, { processors, clock: ownClock, random, concurrency, schedules })
    void keepWorking(runner, ownClock, scenario.passMs)
  }

  function reachedStore(worker: string, life: Life): Store {
    const plan = setting.plan(worker)
    return faultyStore(store, { life, clock, lateMs: setting.lateMs }, call => {
      const fault = plan(call)
      note({ type: 'called', at: clock.now(), worker, call, fault })
      if (fault?.startsWith('crash') && setting.replaces) void clock.sleep(replacedAfterMs).then(hire)
      return fault
    })
  }

  function handsOf(worker: string, life: Life): Hands {
    return {
      async act({ jobId, token }, item = '') {
        await life.step()
        note({ type: 'effect', at: clock.now(), worker, job: jobId, token, item: String(item) })
      },
      spend: (ms, signal) => clockOf(life, clock).sleep(ms, { signal }),
    }
  }

  const idle = handsOf('nobody', createLife(clock))
  const client = employ(store, { processors: scenario.processors(idle), clock, random })
  return { clock, store: kept, client, events, hire, end: () => lives.forEach(end) }
}

const names = ['first', 'second']

function end(life: Life): void {
  life.end()
}

type Given = Pick<Parameters<typeof createRunner>[0], 'processors' | 'concurrency' | 'schedules'> & {
  readonly clock: Clock
  readonly random: Random
}

function employ(store: Store, given: Given): Runner {
  return createRunner({ store, leaseMs, pollMs, retention: false, redact: false, ...given })
}

/** As a process does whose supervisor starts it again, or as a function that is called again. */
async function keepWorking(runner: Runner, clock: Clock, passMs: number | undefined): Promise<void> {
  if (passMs === undefined) return startAtLast(runner, clock)
  for (;;) {
    await runner.work({ budgetMs: passMs }).catch(() => undefined)
    await clock.sleep(passMs)
  }
}

async function startAtLast(runner: Runner, clock: Clock): Promise<void> {
  while (await runner.start().then(isNoFailure, isFailure)) await clock.sleep(pollMs)
}

const isFailure = () => true
const isNoFailure = () => false
