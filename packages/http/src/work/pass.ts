import { randomUUID } from 'node:crypto'
import type { Clock, Runner, WorkReport } from '@longhaul/core'
import type { HandlerContext } from '../router/context.js'
import { createBell } from './bell.js'
import type { WorkRouteOptions } from './options.js'
import { workUntil } from './time.js'

/** What one invocation did. */
export interface PassReport {
  /** How many slices of jobs it worked. */
  readonly slices: number
  /** When there is more to do; `null` when nothing is to come. */
  readonly dueInMs: number | null
  /** Whether it started the next invocation. */
  readonly handedOver: boolean
}

export interface PassDeps {
  readonly runner: Pick<Runner, 'work' | 'stats' | 'catalog'>
  readonly clock: Clock
  readonly options: WorkRouteOptions
  onError(error: unknown): void
}

/** Less than this is not worth another look. */
const leastMs = 250
/** Work that is due and can't be had, such as that of a full lane, is looked at this often. */
const pauseMs = 1_000

/** Works in one invocation for as long as there is work and time, and starts the next one if there is more to do. */
export function createPass({ runner, clock, options, onError }: PassDeps) {
  const { patienceMs = 30_000, maxDepth = 1_000, handOver } = options
  const bell = createBell(clock)
  let underWay = 0

  async function workOut(until: number): Promise<Omit<PassReport, 'handedOver'>> {
    let slices = 0
    for (;;) {
      const budgetMs = Math.floor(until - clock.now())
      if (budgetMs < leastMs) return { slices, dueInMs: 0 }
      const report = await runner.work({ budgetMs })
      slices += report.slices
      const dueInMs = await freeInMs(report)
      if (bell.rang()) continue
      if (dueInMs === null || dueInMs > patienceMs) return { slices, dueInMs }
      const waitMs = report.slices === 0 ? Math.max(pauseMs, dueInMs) : dueInMs
      if (clock.now() + waitMs + leastMs > until) return { slices, dueInMs }
      await bell.sleep(waitMs)
    }
  }

  /**
   * When a job is due that nobody holds. One in other hands is its holder's matter: whoever waited for it too would go on
   * beside that one for ever.
   */
  async function freeInMs(report: WorkReport): Promise<number | null> {
    if (report.dueInMs === null) return null
    const processors = runner.catalog().map(({ name }) => name)
    const { dueInMs } = await runner.stats({ states: ['waiting'], processors })
    return dueInMs === null ? null : Math.max(dueInMs, report.dueInMs)
  }

  /** A call that fails is not made again: the next tick of cron finds the work. */
  async function startNext(depth: number): Promise<boolean> {
    if (!handOver || depth >= maxDepth) return false
    try {
      await handOver({ id: randomUUID(), depth: depth + 1 })
      return true
    } catch (error) {
      onError(error)
      return false
    }
  }

  return {
    startNext,

    /** Has a pass of this process that is under way look once more before it ends. `false` when there is none. */
    lookAgain(): boolean {
      if (underWay > 0) bell.ring()
      return underWay > 0
    },

    /** @param depth How many calls led here, one after another. */
    async run(context: HandlerContext, startedAt: number, depth: number): Promise<PassReport> {
      underWay += 1
      const done = await workOut(workUntil(context, options, startedAt)).finally(() => {
        underWay -= 1
      })
      const isMore = done.dueInMs !== null && done.dueInMs <= patienceMs
      return { ...done, handedOver: isMore && (await startNext(depth)) }
    },
  }
}

export type Pass = ReturnType<typeof createPass>
