import type { EnqueuedRef, PreparedJob } from '../client/producer.js'
import { nextTurn } from '../clock.js'
import type { SwapLoopDeps } from '../swap-loop.js'
import { type Book, editBook, readBook, readCell } from './book.js'
import { type Decision, decide, record } from './due.js'
import type { Known } from './known.js'
import type { ReadySchedule } from './ready.js'
import { cannotMake } from './slot-job.js'

export interface SchedulerDeps extends SwapLoopDeps {
  readonly known: Known
  /** Whether this runner has the processor; other runners make the other jobs. */
  canMake(schedule: ReadySchedule): boolean
  /** The job for one slot. */
  jobFor(schedule: ReadySchedule, slot: number): Promise<PreparedJob>
  insert(jobs: readonly PreparedJob[]): Promise<readonly EnqueuedRef[]>
  /** One schedule is in trouble; the others go on. */
  onError(error: unknown): void
}

/** Schedules are looked at as often when no slot is due, for others may change them. */
const lookEveryMs = 10_000
/** What was read longer ago is read again: the process may have been frozen since, and its slots long decided. */
const freshMs = 5_000
/** A book that can't be read is opened again after this long. */
const retryMs = 5_000
const decidedAtOnce = 10
/** How many jobs one tick makes. No schedule asks for more at once. */
const mostJobs = 500

/** What the book said at one moment. */
interface Reading {
  readonly book: Book
  readonly schedules: readonly ReadySchedule[]
  /** By the store's clock, and by this process's. */
  readonly now: number
  readonly at: number
}

/**
 * Makes the jobs that are due. Any worker may do so at any time, and die at any point: a job's key is its slot, so it is
 * made once for as long as it is kept, and the book remembers the slot for longer.
 */
export function createScheduler(deps: SchedulerDeps) {
  const { cells, clock, known } = deps
  let nextAt: number | null = Number.NEGATIVE_INFINITY

  async function tick(): Promise<{ done: number; dueInMs: number }> {
    const reading = await read().catch(error => {
      nextAt = Math.max(nextAt ?? 0, clock.now() + retryMs)
      throw error
    })
    const { prepared, rest } = await prepareMost(await decideAll(reading))
    if (clock.now() - reading.at > freshMs) return { done: 0, dueInMs: 0 }
    const done = await carryOut(prepared)
    nextAt = nextSlot(reading, prepared)
    return { done, dueInMs: rest ? 0 : Math.min(nextInMs() ?? lookEveryMs, lookEveryMs) }
  }

  async function read(): Promise<Reading> {
    const at = clock.now()
    const cell = await readCell(cells)
    const book = readBook(cell)
    return { book, schedules: known.all(book).filter(deps.canMake), now: cell.now, at }
  }

  /** With a turn for others now and then: to find the next slot takes a while when it is asked for the first time. */
  async function decideAll({ schedules, book, now }: Reading): Promise<Decision[]> {
    const decisions: Decision[] = []
    for (const [index, schedule] of schedules.entries()) {
      if (index % decidedAtOnce === decidedAtOnce - 1) await nextTurn()
      const decision = decide(schedule, book.get(schedule.name), now)
      if (decision) decisions.push(decision)
    }
    return decisions
  }

  /** What is left over is as due at the next tick. */
  async function prepareMost(due: readonly Decision[]) {
    const prepared: Prepared[] = []
    let left = mostJobs
    for (const decision of due) {
      if (decision.slots.length > left) return { prepared, rest: true }
      const made = await prepare(decision)
      if (!made) continue
      prepared.push(made)
      left -= decision.slots.length
    }
    return { prepared, rest: false }
  }

  /** A schedule in trouble keeps its slots: they are tried again with the next look, and then caught up on. */
  async function prepare(decision: Decision): Promise<Prepared | undefined> {
    const { schedule, slots } = decision
    try {
      return { decision, jobs: await Promise.all(slots.map(slot => deps.jobFor(schedule, slot))) }
    } catch (error) {
      deps.onError(cannotMake('schedule_failed', schedule, error))
      return undefined
    }
  }

  async function carryOut(prepared: readonly Prepared[]): Promise<number> {
    if (prepared.length === 0) return 0
    const jobs = prepared.flatMap(made => made.jobs)
    const stored = jobs.length === 0 ? [] : await deps.insert(jobs)
    await editBook(deps, book => record(book, decisionsOf(prepared)))
    return stored.filter(({ created }) => created).length
  }

  /** How long until the next slot, or the next try where the book can't be read: 0 before the first look, `null` when none is to come. */
  function nextInMs(): number | null {
    return nextAt === null ? null : Math.max(0, nextAt - clock.now())
  }

  return { tick, nextInMs }
}

interface Prepared {
  readonly decision: Decision
  readonly jobs: readonly PreparedJob[]
}

function decisionsOf(prepared: readonly Prepared[]): Decision[] {
  return prepared.map(({ decision }) => decision)
}

/** By the clock of this process. A slot that is due and still has no job is not waited for. */
function nextSlot({ book, schedules, now, at }: Reading, prepared: readonly Prepared[]): number | null {
  const after = record(book, decisionsOf(prepared))
  let next = Number.POSITIVE_INFINITY
  for (const { name, calendar } of schedules) {
    const entry = after.get(name)
    const slot = entry && !entry.paused ? calendar.after(entry.decided) : null
    if (slot !== null && slot > now) next = Math.min(next, slot)
  }
  return Number.isFinite(next) ? at + next - now : null
}
