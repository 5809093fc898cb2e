import { uuidv7 } from 'uuidv7'
import { nextTurn } from '../clock.js'
import { coalesce } from '../coalesce.js'
import { createPace } from '../pace.js'
import type { AnyProcessor } from '../processor/types.js'
import { backoffMs } from '../retry/backoff.js'
import type { Job } from '../store/index.js'
import { type BudgetLimits, createBudget } from './budget.js'
import { type ExecutorDeps, execute, type RunningSlice } from './executor.js'
import { createLatch } from './latch.js'
import { StopReason } from './stop-reason.js'

export interface WorkerDeps
  extends Omit<ExecutorDeps, 'commit' | 'commitVia' | 'budget' | 'commitPace' | 'onSaved'> {
  readonly processors: ReadonlyMap<string, AnyProcessor>
  readonly queues: readonly string[] | undefined
  readonly concurrency: number
  readonly pollMs: number
}

export interface PassLimits extends BudgetLimits {
  /** Ends the pass once nothing is due any more. */
  readonly untilIdle?: boolean
  /** How many claims the pass may work. */
  readonly maxJobs?: number | undefined
}

/** A handler that was told to stop gets this long, or half of the time there is, before its job is taken away. */
const stopMarginMs = 2_000
/** A bounded pass does not wait for a store that stays away; an endless one does. */
const mostClaimFailures = 5
const claimBackoff = { type: 'exponential', delayMs: 100, maxMs: 10_000 } as const

/** The loop that claims and runs: for as long as it is wanted, or until nothing is due. */
export function createWorker(deps: WorkerDeps, limits: PassLimits = {}) {
  const { clock, random, store } = deps
  const budget = createBudget(clock, limits)
  const executor = executorDeps(deps, budget)
  const running = new Set<RunningSlice>()
  const before = new Map<string, Promise<void>>()
  const latch = createLatch()
  const closing = new AbortController()
  const closed = new Promise<void>(resolve => closing.signal.addEventListener('abort', () => resolve()))
  const processors = [...deps.processors.keys()]
  const saveEveryMs = Math.min(2_000, deps.leaseMs / 3)
  let claimId = uuidv7()
  let claimFailures = 0
  let busy = 0
  let slices = 0

  async function run(): Promise<number> {
    if (limits.deadline !== undefined) void endBy(limits.deadline)
    void keepAlive()
    const unlisten = await store.listen?.(latch.open).catch(() => undefined)
    try {
      await loop()
      await Promise.race([settled(), closed])
    } finally {
      closing.abort()
      await unlisten?.()
    }
    return slices
  }

  /** Saves every job in hand, again and again: that renews leases, shows progress, and brings wishes. */
  async function keepAlive(): Promise<void> {
    while (!closing.signal.aborted) {
      await clock.sleep(saveEveryMs, { signal: closing.signal, background: true, unref: true })
      await Promise.all([...running].map(slice => slice.held.beat()))
    }
  }

  async function loop(): Promise<void> {
    while (isOpen()) {
      await nextTurn()
      const claimed = await claim()
      claimed.forEach(begin)
      if (claimed.length === 0 && isIdle()) return
      if (claimed.length === 0) await latch.wait(nap)
    }
  }

  function isOpen(): boolean {
    return (
      !closing.signal.aborted && slices < (limits.maxJobs ?? Number.POSITIVE_INFINITY) && !budget.isOver()
    )
  }

  function isIdle(): boolean {
    return limits.untilIdle === true && busy === 0 && claimFailures === 0
  }

  /**
   * The same claim is repeated until its reply arrives: what it took would wait for its lease to end otherwise.
   *
   * @throws {StoreError} in a bounded pass, when the store stays away.
   */
  async function claim(): Promise<readonly Job[]> {
    const limit = Math.min(deps.concurrency - busy, (limits.maxJobs ?? Number.POSITIVE_INFINITY) - slices)
    if (limit <= 0) return []
    try {
      const queues = deps.queues ? { queues: deps.queues } : {}
      const jobs = await store.claim({ claimId, processors, limit, leaseMs: deps.leaseMs, ...queues })
      claimId = uuidv7()
      claimFailures = 0
      return jobs
    } catch (error) {
      claimFailures++
      deps.notify({ type: 'error', error })
      if (limits.untilIdle && claimFailures >= mostClaimFailures && busy === 0) throw error
      return []
    }
  }

  /** A job that came back to this process waits until its handler is done with the slice before. */
  function begin(job: Job): void {
    slices++
    busy++
    const ended = (before.get(job.id) ?? Promise.resolve()).then(() => runSlice(job))
    before.set(job.id, ended)
    void ended.then(() => {
      if (before.get(job.id) === ended) before.delete(job.id)
      busy--
      latch.open()
    })
  }

  async function runSlice(job: Job): Promise<void> {
    const slice = execute(job, deps.processors.get(job.processor) as AnyProcessor, executor)
    running.add(slice)
    await slice.settled
    running.delete(slice)
  }

  /** Until a slot is free or a hint comes, and never longer than a poll. */
  function nap(signal: AbortSignal): Promise<void> {
    if (claimFailures > 0)
      return clock.sleep(backoffMs(claimBackoff, claimFailures, undefined, random), { signal })
    return clock.sleep(deps.pollMs * (0.75 + random() / 2), { signal, background: true })
  }

  async function settled(): Promise<void> {
    await Promise.all(before.values())
  }

  /** Items stop by themselves when the budget is over; other handlers are told to, and at the end have to. */
  async function endBy(deadline: number): Promise<void> {
    const left = deadline - clock.now()
    const wait = { signal: closing.signal, background: true, unref: true }
    await clock.sleep(left - Math.min(stopMarginMs, left / 2), wait)
    if (closing.signal.aborted && busy === 0) return
    budget.close()
    latch.open()
    for (const { held } of running)
      held.stop.abort(new StopReason('stopping', 'The worker stops: time is up'))
    await clock.sleep(deadline - clock.now(), wait)
    await Promise.all([...running].map(slice => slice.giveBack()))
    closing.abort()
  }

  return {
    run,
    /** Claims nothing more, and has all its jobs ended or given back within `graceMs`. */
    async stop(graceMs: number): Promise<void> {
      budget.close()
      latch.open()
      await Promise.race([settled(), endBy(clock.now() + graceMs)])
      closing.abort()
      latch.open()
    },
  }
}

export type Worker = ReturnType<typeof createWorker>

function executorDeps(deps: WorkerDeps, budget: ExecutorDeps['budget']): ExecutorDeps {
  const { store, clock, notify } = deps
  const commitPace = createPace()
  return {
    ...deps,
    budget,
    commitPace,
    onSaved: job => notify({ type: 'saved', job }),

    commit: coalesce(async writes => {
      const startedAt = clock.now()
      const committed = await store.commit(writes)
      commitPace.record(clock.now() - startedAt)
      return committed
    }),

    async commitVia(write, via) {
      const [committed] = await store.commit([write], via)
      return committed as NonNullable<typeof committed>
    },
  }
}
