import { memoryStore, type Runner } from '@longhaul/core'
import type { Store } from '@longhaul/core/store'
import { type FakeClock, fakeClock } from '@longhaul/core/testing'
import type { Event, Note } from './events.js'
import type { FaultPlan } from './faults/faulty-store.js'
import { createLife, type Life } from './life.js'
import { seeded } from './random.js'
import type { Scenario } from './scenarios/index.js'
import { watchedStore } from './watched-store.js'
import { beginWorker, employ, handsOf, type Workplace } from './worker.js'

const replacedAfterMs = 100

/** How one run differs from another of the same scenario. */
export interface Setting {
  readonly seed: number
  /** By the number of the worker: 1, 2, and so on for those that come for one that crashed. */
  plan(worker: number): FaultPlan
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
  const place: Workplace = { ...setting, scenario, clock, random, store, note, onCrash }

  function hire(): void {
    const life = createLife(clock)
    beginWorker(lives.push(life), life, place)
  }

  function onCrash(): void {
    if (setting.replaces) void clock.sleep(replacedAfterMs).then(hire)
  }

  function end(): void {
    for (const life of lives) life.end()
  }

  const processors = scenario.processors(handsOf(0, createLife(clock), place))
  return { clock, store: kept, client: employ(place, { processors }), events, hire, end }
}
