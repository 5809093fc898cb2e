import { checkMs } from '../durations.js'
import { earlier } from '../earlier.js'
import type { Store } from '../store/index.js'
import { partsOf } from './fair-claimer.js'
import { createUnfinished } from './unfinished.js'
import { createWorker, type PassLimits, type SlotUse, type Worker, type WorkerDeps } from './worker.js'

/** How long a stop may take. */
export interface StopOptions {
  /** In milliseconds; what still runs then is given back from its last checkpoint. @defaultValue 25_000 */
  readonly graceMs?: number
}

/**
 * The limits of one pass: each an integer of at least 1, and none when absent.
 *
 * @throws {OptionsError} from `work`, when one is out of range.
 */
export interface WorkOptions {
  /** How long the pass may take, in milliseconds. Items stop in time to be saved; what still runs at the end is given back. */
  readonly budgetMs?: number
  /** How many jobs it may claim. */
  readonly maxJobs?: number
  /** How many items, over all jobs, it may work; a batch in flight may go a little beyond. */
  readonly maxItems?: number
}

/** What one pass did, and when the next one is worth its while. */
export interface WorkReport {
  /** How many slices were worked. */
  readonly slices: number
  /**
   * When to look again, for a job or for the next slot of a schedule: 0 for now (also when a limit ended the pass),
   * `null` when neither is to come.
   */
  readonly dueInMs: number | null
}

export interface WorkersDeps extends Omit<WorkerDeps, 'unfinished' | 'parts'> {
  readonly store: Store
  /** All when absent. */
  readonly queues: readonly string[] | undefined
  readonly weights: Readonly<Record<string, number>>
  /** Opens the store, and makes sure of what only shows then. */
  ready(): Promise<void>
  /** How long until the next slot of a schedule. */
  nextSlotInMs(): number | null
}

/** What waits in a paused queue counts as due: whoever looks again at once would do so for ever. */
const pausedMs = 5_000

/** The workers of one runner: one that goes on until it is stopped, and any number of bounded passes. */
export function createWorkers(given: WorkersDeps) {
  const { store, clock, processors, queues, weights, mayClaim, ready, notify } = given
  const all = { processors: [...processors.keys()], ...(queues ? { queues } : {}) }
  const deps = { ...given, unfinished: createUnfinished(), parts: partsOf(all, weights) }
  const passes = new Set<Worker>()
  let started: { worker: Worker; ready: Promise<void>; ended: Promise<unknown> } | undefined

  function start(): Promise<void> {
    if (started) return started.ready
    const worker = createWorker(deps)
    const readied = ready()
    const ended = readied.then(worker.run).catch(() => {
      started = undefined
    })
    started = { worker, ready: readied, ended }
    return readied
  }

  /** Those of all workers that run now; `undefined` when none does. */
  function slots(): SlotUse | undefined {
    const running = [...passes, ...(started ? [started.worker] : [])]
    if (running.length === 0) return undefined
    const uses = running.map(worker => worker.slots())
    return { busy: sum(uses.map(({ busy }) => busy)), free: sum(uses.map(({ free }) => free)) }
  }

  async function stop({ graceMs = 25_000 }: StopOptions = {}): Promise<void> {
    checkMs('graceMs', graceMs)
    const stopping = [...passes, ...(started ? [started.worker] : [])].map(worker => worker.stop(graceMs))
    const ended = started?.ended
    started = undefined
    await Promise.all([...stopping, ended])
  }

  async function work({ budgetMs, maxJobs, maxItems }: WorkOptions = {}): Promise<WorkReport> {
    await ready()
    const deadline = budgetMs === undefined ? undefined : clock.now() + budgetMs
    const { slices, idle } = await run({ untilIdle: true, deadline, maxJobs, maxItems })
    return { slices, dueInMs: idle ? earlier(await nextJobInMs(), deps.nextSlotInMs()) : 0 }
  }

  async function run(limits: PassLimits) {
    const pass = createWorker(deps, limits)
    passes.add(pass)
    return pass.run().finally(() => passes.delete(pass))
  }

  /** The pass is done whether this can be told or not; "now" makes the caller look again. */
  async function nextJobInMs(): Promise<number | null> {
    try {
      const wanted = mayClaim(all)
      if (!wanted) return null
      const { exceptQueues = [], ...filter } = wanted
      const { dueInMs } = await store.count({ ...filter, states: ['waiting', 'running'] })
      return dueInMs === null ? null : Math.max(dueInMs, exceptQueues.length === 0 ? 0 : pausedMs)
    } catch (error) {
      notify({ type: 'error', error })
      return 0
    }
  }

  return { start, stop, work, slots }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
