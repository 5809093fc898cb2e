import { assertReadable, parsePayload } from '../encoding/unreadable.js'
import type { KeepPayload } from '../payload/keep.js'
import type { AnyProcessor } from '../processor/types.js'
import type { Job } from '../store/index.js'
import { timeLeftMs, tooLate } from './deadline.js'
import { HeldJob, type HoldDeps } from './held-job.js'
import { type Outcome, outcomeOf, outcomeOfReturn } from './outcome.js'
import { crashed, type SettledOutcome, settle } from './settle.js'
import { HeldSlice, type SliceDeps } from './slice.js'
import { type StuckDeps, unlessStuck } from './stuck.js'
import { startTimers } from './timers.js'

export interface ExecutorDeps extends HoldDeps, SliceDeps, StuckDeps {
  readonly keep: KeepPayload
  readonly aroundAttempt?: AroundAttempt | undefined
}

/** Wraps an attempt, and gives what it gives. */
export type AroundAttempt = (held: HeldJob, work: () => Promise<string>) => Promise<string>

/** A slice under way. */
export interface RunningSlice {
  readonly held: HeldJob
  /** Resolves when the handler has returned. Never rejects; one that is stuck may never do so. */
  readonly handled: Promise<unknown>
  /** Resolves when the handler has returned or is stuck, and what is left is to write how it went. Never rejects. */
  readonly worked: Promise<unknown>
  /** Resolves when the slice is settled. Never rejects. */
  readonly settled: Promise<void>
  /** Gives the job back at once, from its last checkpoint, whether its handler has stopped or not. */
  giveBack(): Promise<void>
}

/** Works one claimed job for one slice: do, judge, write. */
export function execute(job: Job, processor: AnyProcessor, deps: ExecutorDeps): RunningSlice {
  const held = new HeldJob(job, deps)
  deps.notify({ type: 'started', job: held })
  const handled = attempt(held, processor, deps)
  const worked = unlessStuck(handled, held, deps)
  const settled = worked.then(outcome => conclude(outcome, held, processor, deps))
  const giveBack = () => conclude({ kind: 'yielded' }, held, processor, deps)
  return { held, handled, worked, settled, giveBack }
}

async function attempt(held: HeldJob, processor: AnyProcessor, deps: ExecutorDeps): Promise<Outcome> {
  const { claimed, stop } = held
  const { timeoutMs, maxCrashes } = processor.policies
  const leftMs = timeLeftMs(claimed, deps.leaseMs)
  const ending = endBeforehand(claimed, maxCrashes, leftMs)
  if (ending) return ending
  const cancelTimers = startTimers(held, { timeoutMs, leftMs }, deps.clock)
  try {
    const work = () => handle(held, processor, deps)
    return outcomeOfReturn(await (deps.aroundAttempt?.(held, work) ?? work()), stop)
  } catch (error) {
    return outcomeOf(error, stop)
  } finally {
    cancelTimers()
  }
}

/** Answers with the output as it is stored. */
async function handle(held: HeldJob, processor: AnyProcessor, deps: ExecutorDeps): Promise<string> {
  const { claimed, id } = held
  assertReadable('cursor', claimed.cursor)
  assertReadable('notes', claimed.memo)
  const input = await processor.parse(parsePayload('input', claimed.input))
  const output = await processor.work(new HeldSlice(held, processor, input, deps))
  return deps.keep('output', output, id)
}

/** For a job that should not run at all. */
function endBeforehand(job: Job, maxCrashes: number, leftMs = 1): Outcome | undefined {
  if (job.wish) return { kind: job.wish === 'cancel' ? 'cancelled' : 'paused' }
  if (job.crashes >= maxCrashes) return { kind: 'failed', error: crashed(job.crashes) }
  return leftMs > 0 ? undefined : { kind: 'failed', error: tooLate(job) }
}

async function conclude(
  outcome: Outcome,
  held: HeldJob,
  processor: AnyProcessor,
  deps: ExecutorDeps,
): Promise<void> {
  if (held.released) return
  held.release()
  try {
    if (outcome.kind === 'lost') throw outcome.error
    await write(outcome, held, processor, deps)
  } catch (error) {
    deps.notify({ type: 'lost', job: held, error })
  }
}

async function write(
  outcome: SettledOutcome,
  held: HeldJob,
  processor: AnyProcessor,
  deps: ExecutorDeps,
): Promise<void> {
  const { progress, attempts } = await workSoFar(outcome, held, deps)
  const { idleSlices: before } = held.draft
  const { retry } = processor.policies
  const { random, redact } = deps
  const about = { job: held.claimed, progress, attempts, idleSlices: before, retry, random, redact }
  const { event, patch } = settle(outcome, about)
  const idleSlices = event === 'yielded' ? before + 1 : 0
  if (event === 'completed') held.draft.forgetAll()
  await held.end(patch, { idleSlices, paused: event === 'paused' })
  deps.notify(
    'error' in outcome ? { type: event, job: held, error: outcome.error } : { type: event, job: held },
  )
}

/** After a transaction whose end is unknown, only the store can say how far the job is. */
async function workSoFar(
  { kind }: Outcome,
  { draft, unsure, id }: HeldJob,
  { store }: ExecutorDeps,
): Promise<Pick<Job, 'progress' | 'attempts'>> {
  const stored = unsure && kind !== 'completed' ? await store.get(id) : undefined
  return stored ?? draft
}
