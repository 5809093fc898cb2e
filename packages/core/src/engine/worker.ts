import { nextTurn } from '../clock.js'
import { coalesce } from '../coalesce.js'
import { createPace } from '../pace.js'
import type { AnyProcessor } from '../processor/types.js'
import type { Committed, Job } from '../store/index.js'
import { type BudgetLimits, createBudget } from './budget.js'
import type { ClaimerDeps } from './claimer.js'
import { type ExecutorDeps, execute } from './executor.js'
import { createFairClaimer, type Part } from './fair-claimer.js'
import { giveBack } from './give-back.js'
import { keepAlive } from './heartbeat.js'
import { createKeeper } from './keeper.js'
import { createLatch } from './latch.js'
import { createNap } from './nap.js'
import { createReserve } from './reserve.js'
import { createSlots } from './slots.js'
import { StopReason } from './stop-reason.js'
import type { Unfinished } from './unfinished.js'
import type { Upkeep } from './upkeep.js'

export interface WorkerDeps
  extends Omit<ExecutorDeps, 'commit' | 'commitVia' | 'budget' | 'commitPace' | 'onSaved'>,
    Omit<ClaimerDeps, 'store'> {
  readonly processors: ReadonlyMap<string, AnyProcessor>
  readonly concurrency: number
  /** What it claims from. */
  readonly parts: readonly Part[]
  readonly pollMs: number
  readonly upkeep: Upkeep
  /** Shared by all workers of a runner. */
  readonly unfinished: Unfinished
  /** Sees that `mayClaim` goes by what people switched up to five seconds ago. Never rejects. */
  lookAtSwitches(): Promise<void>
  /** Whether what started the job is switched on. */
  mayBegin(job: Job): boolean
}

export interface PassLimits extends BudgetLimits {
  /** Ends the pass once nothing is due any more. */
  readonly untilIdle?: boolean
  /** How many claims the pass may work. */
  readonly maxJobs?: number | undefined
}

export interface PassReport {
  /** How many were begun. */
  readonly slices: number
  /** Nothing was due any more. */
  readonly idle: boolean
}

/** How many handlers run, and how many more may begin. */
export interface SlotUse {
  readonly busy: number
  readonly free: number
}

/** A handler that was told to stop gets this long, or half of the time there is, before its job is taken away. */
const stopMarginMs = 2_000
/** When a job is looked at again whose handler still runs here, or whose trigger is switched off. */
const unfinishedMs = 5_000
const switchedOffMs = 30_000
/** A bounded pass does not wait for a store that stays away; an endless one does. */
const mostClaimFailures = 5

/** The loop that claims and runs: for as long as it is wanted, or until nothing is due. */
export function createWorker(deps: WorkerDeps, limits: PassLimits = {}) {
  const { clock, concurrency, processors } = deps
  const { untilIdle = false, maxJobs = Number.POSITIVE_INFINITY } = limits
  const budget = createBudget(clock, limits)
  const executor = executorDeps(deps, budget)
  const claimer = createFairClaimer(deps, deps.parts, startOfRound(deps, limits))
  const reserve = createReserve({ ...deps, commit: executor.commit })
  const slots = createSlots({
    concurrency,
    execute: job => execute(job, processors.get(job.processor) as AnyProcessor, executor),
    unfinished: deps.unfinished,
    now: () => clock.now(),
    onWorked: reserve.record,
    onFree,
  })
  const latch = createLatch()
  const nap = createNap(deps)
  const keeper = createKeeper({ ...deps, isOpen, onDone: latch.open })
  const closing = new AbortController()
  const closed = new Promise<void>(resolve => closing.signal.addEventListener('abort', () => resolve()))
  let claimed = 0
  let begun = 0
  let idle = false

  async function run(): Promise<PassReport> {
    if (limits.deadline !== undefined) void endBy(limits.deadline)
    void keepAlive({ ...deps, beat }, closing.signal)
    void keeper.run(closing.signal)
    await nap.listen(latch.open)
    try {
      idle = await loop()
      await reserve.giveBack()
      await Promise.race([settled(), closed])
    } finally {
      closing.abort()
      await nap.unlisten()
    }
    return { slices: begun, idle }
  }

  /** Answers whether it ended for want of work. @throws {StoreError} in a bounded pass, when the store stays away. */
  async function loop(): Promise<boolean> {
    while (isOpen()) {
      await nextTurn()
      await deps.lookAtSwitches()
      const limit = reserve.room(slots.free(), maxJobs - claimed)
      const upkept = !keeper.isBusy()
      const jobs = limit > 0 ? await claimer.claim(limit) : []
      claimed += jobs.length
      reserve.add(jobs, limit)
      startReady()
      if (jobs.length > 0) continue
      if (limit > 0 && upkept && isIdle()) return true
      await latch.wait(rest)
    }
    return false
  }

  async function settled(): Promise<void> {
    await Promise.all([slots.settled(), keeper.settled()])
  }

  function isOpen(): boolean {
    return !closing.signal.aborted && claimed < maxJobs && !budget.isOver()
  }

  function isIdle(): boolean {
    const { count, error } = claimer.failures()
    if (!untilIdle || !slots.isEmpty()) return false
    if (count >= mostClaimFailures) throw error
    return count === 0
  }

  function startReady(): void {
    while (slots.free() > 0 && !budget.isOver()) {
      const job = reserve.take()
      if (!job) return
      begin(job)
    }
  }

  function begin(job: Job): void {
    if (deps.unfinished.has(job)) {
      void giveBack(job, unfinishedMs, executor.commit)
    } else if (!deps.mayBegin(job)) {
      void giveBack(job, switchedOffMs, executor.commit)
    } else {
      begun++
      slots.begin(job)
    }
  }

  function onFree(): void {
    startReady()
    latch.open()
  }

  /** Until a slot is free or a hint comes, and never for long. */
  function rest(signal: AbortSignal): Promise<void> {
    return claimer.failures().count > 0 ? claimer.backOff(signal) : nap.sleep(signal)
  }

  async function beat(everyMs: number): Promise<void> {
    await Promise.all([reserve.giveBackOld(everyMs), slots.beat()])
  }

  /** Items stop by themselves when the budget is over; other handlers are told to, and at the end have to. */
  async function endBy(deadline: number): Promise<void> {
    const left = deadline - clock.now()
    const wait = { signal: closing.signal, background: true, unref: true }
    await clock.sleep(left - Math.min(stopMarginMs, left / 2), wait)
    if (closing.signal.aborted && slots.isEmpty()) return
    budget.close()
    latch.open()
    await slots.stop(new StopReason('stopping', 'The worker stops: time is up'))
    await clock.sleep(deadline - clock.now(), wait)
    await slots.giveBack()
    closing.abort()
  }

  return {
    run,
    slots: (): SlotUse => ({ busy: slots.busy(), free: slots.free() }),
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

/** A short pass begins anywhere, for many of them make a round. */
function startOfRound({ random }: WorkerDeps, { deadline }: PassLimits): number {
  return deadline === undefined ? 0 : random()
}

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

    commitVia: (write, via) => store.commit([write], via).then(([committed]) => committed as Committed),
  }
}
