import { LeaseLostError } from '../errors.js'
import type { Job, Patch, PendingWish, Transaction } from '../store/index.js'
import { createDraft, type Draft, type TakeNotes, type Taking } from './draft.js'
import { StopReason } from './stop-reason.js'
import { type Change, createWriter, type WriterDeps } from './writer.js'

export interface HoldDeps extends WriterDeps {
  /** How often a held job is written, which renews its lease and brings wishes from outside. */
  readonly saveEveryMs: number
  onSaved(job: Job): void
}

/** A claimed job in the hands of this worker: what it did so far, its lease, and the signal to stop. */
export interface HeldJob {
  readonly claimed: Job
  readonly draft: Draft
  /** Aborts when the handler must stop. */
  readonly signal: AbortSignal
  /** Aborts when the job leaves these hands. */
  readonly released: AbortSignal
  stop(reason: StopReason): void
  release(): void
  /** Whether a checkpoint went into a transaction whose end can't be seen from here. */
  isUnsure(): boolean
  /** @throws {LeaseLostError} */
  checkpoint(via?: Transaction): Promise<void>
  /**
   * The last write: the job goes back or ends. Answers what is stored.
   *
   * @throws {LeaseLostError}
   */
  end(patch: Patch, notes: TakeNotes): Promise<Job>
}

/** Keeps the lease of a claimed job alive until it is released. */
export function holdJob(claimed: Job, deps: HoldDeps): HeldJob {
  const { clock, leaseMs } = deps
  const controller = new AbortController()
  const released = new AbortController()
  const writer = createWriter(claimed, deps)
  const draft = createDraft(claimed, clock.now())
  let saving = Promise.resolve()
  let unsure = false

  async function save({ beat }: { beat: boolean }) {
    if (released.signal.aborted) throw new LeaseLostError(claimed.id, claimed.token, 'it was given back')
    if (!beat) unsure = false
    const { change, confirm } = unsure ? leaseOnly : takeDraft()
    heed(await writer.write(renewed(change)))
    confirm()
  }

  async function saveVia(via: Transaction) {
    unsure = true
    const { change, confirm } = takeDraft()
    heed(await writer.writeVia(renewed(change), via))
    confirm()
  }

  function takeDraft(notes?: TakeNotes): Taking {
    draft.observe(clock.now())
    return draft.take(notes)
  }

  function renewed(change: Change): Change {
    return { ...change, patch: { ...change.patch, leaseMs } }
  }

  /** One save at a time. A job that can't be saved any more is not worked any further. */
  function queueSave(how: { beat: boolean }): Promise<void> {
    const next = saving.then(() => save(how))
    saving = next.catch(error => controller.abort(error))
    return next
  }

  function heed(job: Job) {
    if (job.wish) controller.abort(stopFor(job.wish))
    deps.onSaved(job)
  }

  async function beat() {
    while (!released.signal.aborted) {
      await clock.sleep(deps.saveEveryMs, { signal: released.signal, background: true, unref: true })
      if (!released.signal.aborted) await queueSave({ beat: true }).catch(() => {})
    }
  }
  void beat()

  return {
    claimed,
    draft,
    signal: controller.signal,
    stop: reason => controller.abort(reason),
    released: released.signal,
    release: () => released.abort(),
    isUnsure: () => unsure,
    checkpoint: via => (via ? saveVia(via) : queueSave({ beat: false })),

    async end(patch, notes) {
      await saving
      const { change } = unsure && patch.output === undefined ? leaseOnly : takeDraft(notes)
      return writer.write({ ...change, patch: { ...change.patch, ...patch } })
    },
  }
}

/** Says nothing about the work: what a transaction may still undo must not be saved beside it. */
const leaseOnly: Taking = { change: { patch: {} }, confirm() {} }

function stopFor(wish: PendingWish): StopReason {
  return wish === 'cancel'
    ? new StopReason('cancelled', 'The job was cancelled')
    : new StopReason('paused', 'The job was paused')
}
