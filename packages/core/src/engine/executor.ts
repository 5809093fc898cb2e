import { assertReadable, parsePayload } from '../encoding/unreadable.js'
import type { KeepPayload } from '../payload/keep.js'
import type { AnyProcessor } from '../processor/types.js'
import type { Job } from '../store/index.js'
import type { Notify } from './events.js'
import { HeldJob, type HoldDeps } from './held-job.js'
import { type Outcome, outcomeOf } from './outcome.js'
import { crashed, type SettledOutcome, settle } from './settle.js'
import { HeldSlice, type SliceDeps } from './slice.js'
import { StopReason } from './stop-reason.js'

export interface ExecutorDeps extends HoldDeps, SliceDeps {
  readonly notify: Notify
  readonly keep: KeepPayload
}

/** A slice under way. */
export interface RunningSlice {
  readonly held: HeldJob
  /** Resolves when the handler has returned, and what is left is to write how it went. Never rejects. */
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
  const worked = attempt(held, processor, deps)
  const settled = worked.then(outcome => conclude(outcome, held, processor, deps))
  return { held, worked, settled, giveBack: () => conclude({ kind: 'yielded' }, held, processor, deps) }
}

async function attempt(held: HeldJob, processor: AnyProcessor, deps: ExecutorDeps): Promise<Outcome> {
  const { claimed, stop } = held
  if (claimed.wish) return { kind: claimed.wish === 'cancel' ? 'cancelled' : 'paused' }
  if (claimed.crashes >= processor.policies.maxCrashes)
    return { kind: 'failed', error: crashed(claimed.crashes) }
  const cancelTimeout = startTimeout(held, processor, deps)
  try {
    assertReadable('cursor', claimed.cursor)
    assertReadable('notes', claimed.memo)
    const input = await processor.parse(parsePayload('input', claimed.input))
    const output = await processor.work(new HeldSlice(held, processor, input, deps))
    return { kind: 'completed', output: deps.keep('output', output, held.id) }
  } catch (error) {
    return outcomeOf(error, stop)
  } finally {
    cancelTimeout()
  }
}

/** Answers with what calls it off. */
function startTimeout(
  held: HeldJob,
  { policies: { timeoutMs } }: AnyProcessor,
  { clock }: ExecutorDeps,
): () => void {
  if (timeoutMs === undefined) return () => {}
  const over = new AbortController()
  const reason = new StopReason('timed_out', `The attempt took longer than ${timeoutMs} ms`)
  const sleep = clock.sleep(timeoutMs, { signal: over.signal, background: true, unref: true })
  void sleep.then(() => over.signal.aborted || held.stop.abort(reason))
  return () => over.abort()
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
