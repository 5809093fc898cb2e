import { LeaseLostError } from '../errors.js'
import type { Job, Patch, PendingWish, Transaction } from '../store/index.js'
import { createDraft, type Draft, type TakeNotes, type Taking } from './draft.js'
import { StopReason } from './stop-reason.js'
import { type StopSignal, stopSignal } from './stop-signal.js'
import { type Change, createWriter, type WriterDeps } from './writer.js'

export interface HoldDeps extends WriterDeps {
  /** Hears of a job that was saved on its way. */
  onSaved(job: Job): void
}

/** A claimed job in the hands of this worker: what it did so far, its lease, and the signal to stop. */
export interface HeldJob {
  readonly claimed: Job
  readonly draft: Draft
  /** Aborts when the handler must stop. */
  readonly stop: StopSignal
  /** Whether the job has left these hands. */
  isReleased(): boolean
  release(): void
  /** Whether a checkpoint went into a transaction whose end can't be seen from here. */
  isUnsure(): boolean
  /** @throws {LeaseLostError} */
  checkpoint(via?: Transaction): Promise<void>
  /** Saves what there is, which renews the lease and brings wishes from outside. Never rejects. */
  beat(): Promise<void>
  /**
   * The last write: the job goes back or ends. Answers what is stored.
   *
   * @throws {LeaseLostError}
   */
  end(patch: Patch, notes: TakeNotes): Promise<Job>
}

export function holdJob(claimed: Job, deps: HoldDeps): HeldJob {
  const { clock, leaseMs } = deps
  const stop = stopSignal()
  const writer = createWriter(claimed, deps)
  const draft = createDraft(claimed, clock.now())
  let saving = Promise.resolve()
  let released = false
  let unsure = false

  async function save({ beat }: { beat: boolean }) {
    if (released) throw new LeaseLostError(claimed.id, claimed.token, 'it was given back')
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
    saving = next.catch(stop.abort)
    return next
  }

  function heed(job: Job) {
    if (job.wish) stop.abort(stopFor(job.wish))
    deps.onSaved(job)
  }

  return {
    claimed,
    draft,
    stop,
    isReleased: () => released,
    release: () => {
      released = true
    },
    isUnsure: () => unsure,
    checkpoint: via => (via ? saveVia(via) : queueSave({ beat: false })),

    async beat() {
      if (!released) await queueSave({ beat: true }).catch(() => {})
    },

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
