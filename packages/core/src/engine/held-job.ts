import { LeaseLostError } from '../errors.js'
import type { Sealer } from '../payload/sealer.js'
import { sealPatch, turnItem, turnLine } from '../payload/texts.js'
import type { Job, JobWork, Patch, PendingWish, Progress, Standing, Transaction } from '../store/index.js'
import { Draft, type TakeNotes, type Taking } from './draft.js'
import type { Subject } from './events.js'
import { StopReason } from './stop-reason.js'
import { StopSignal } from './stop-signal.js'
import { type Change, Writer, type WriterDeps } from './writer.js'

export interface HoldDeps extends WriterDeps {
  /** How what is written is sealed, if it is. */
  readonly sealer: Sealer | undefined
  /** Hears of a job that was saved on its way. */
  onSaved(job: Subject): void
}

/** A claimed job in the hands of this worker: what it did so far, its lease, and the signal to stop. */
export class HeldJob implements Subject {
  readonly claimed: Job
  readonly draft: Draft
  /** Aborts when the handler must stop. */
  readonly stop = new StopSignal()
  readonly #deps: HoldDeps
  readonly #writer: Writer
  /** Settles when all saves so far have. */
  #saving: Promise<void> | undefined
  /** A save that waits for its turn, and takes whatever there is by then. */
  #next: Promise<void> | undefined
  #releasedAt: number | undefined
  #unsure = false
  readonly #since: number
  /** What the last write said, and what it led to. */
  #written: Patch = {}
  #standing: Standing | undefined

  constructor(claimed: Job, deps: HoldDeps) {
    this.claimed = claimed
    this.#deps = deps
    this.#writer = new Writer(claimed, deps)
    this.#since = deps.clock.now()
    this.draft = new Draft(claimed, this.#since)
  }

  get id(): string {
    return this.claimed.id
  }

  /** Whether the job has left these hands. */
  get released(): boolean {
    return this.#releasedAt !== undefined
  }

  release(): void {
    this.#releasedAt = this.#deps.clock.now()
  }

  get tookMs(): number {
    return (this.#releasedAt ?? this.#deps.clock.now()) - this.#since
  }

  get progress(): Progress {
    return this.#written.progress ?? this.claimed.progress
  }

  /** Whether a checkpoint went into a transaction whose end can't be seen from here. */
  get unsure(): boolean {
    return this.#unsure
  }

  now(): Job {
    return { ...this.claimed, ...workOf(this.#written), ...this.#standing }
  }

  /** @throws {LeaseLostError} */
  checkpoint(via?: Transaction): Promise<void> {
    return via ? this.#saveVia(via) : this.#queue(() => this.#save({ beat: false }))
  }

  /** Saves what there is, which renews the lease and brings wishes from outside. Never rejects. */
  async beat(): Promise<void> {
    if (!this.released) await this.#queue(() => this.#save({ beat: true })).catch(() => {})
  }

  /**
   * Saves what there is, as a beat does; those who ask before it has begun share it. Without effect while `unsure`.
   *
   * @throws {LeaseLostError}
   */
  saveSoon(): Promise<void> {
    this.#next ??= this.#queue(() => {
      this.#next = undefined
      return this.#save({ beat: true })
    })
    return this.#next
  }

  /** To be asked before something that has to be saved. @throws why it could not be, or must not begin. */
  assertHeld(): void {
    if (this.stop.aborted) throw this.stop.reason
    if (this.released) throw this.#lost('it was given back')
    if (this.#writer.leaseIsOver) throw this.#lost('its lease ended')
  }

  /**
   * The last write: the job goes back or ends.
   *
   * @throws {LeaseLostError}
   */
  async end(patch: Patch, notes: TakeNotes): Promise<void> {
    if (this.#saving) await this.#saving
    const { change } = this.#unsure && patch.output === undefined ? leaseOnly : this.#takeDraft(notes)
    await this.#write(change, patch)
  }

  /** One save at a time. A job that can't be saved any more is not worked any further. */
  #queue(save: () => Promise<void>): Promise<void> {
    const next = (this.#saving ?? Promise.resolve()).then(save)
    this.#saving = next.catch(error => this.stop.abort(error))
    return next
  }

  async #save({ beat }: { beat: boolean }): Promise<void> {
    if (this.released) throw this.#lost('it was given back')
    if (!beat) this.#unsure = false
    const { change, confirm } = this.#unsure ? leaseOnly : this.#takeDraft()
    await this.#write(change, this.#renewal())
    confirm()
    this.#heed()
  }

  /** Not an async function: what a synchronous transaction refuses is thrown into it. */
  #saveVia(via: Transaction): Promise<void> {
    this.#unsure = true
    const { change, confirm } = this.#takeDraft()
    const whole = { ...change, patch: { ...change.patch, ...this.#renewal() } }
    return this.#writer.writeVia(this.#sealed(whole), via).then(standing => {
      this.#standing = standing
      this.#written = whole.patch
      confirm()
      this.#heed()
    })
  }

  async #write(change: Change, more: Patch): Promise<void> {
    const whole = { ...change, patch: { ...change.patch, ...more } }
    this.#standing = await this.#writer.write(this.#sealed(whole))
    if (change !== leaseOnly.change) this.#written = whole.patch
  }

  #sealed(change: Change): Change {
    const { sealer } = this.#deps
    return sealer ? sealChange(change, this.id, sealer) : change
  }

  #lost(reason: string): LeaseLostError {
    return new LeaseLostError(this.id, this.claimed.token, reason)
  }

  #takeDraft(notes?: TakeNotes): Taking {
    this.draft.observe(this.#deps.clock.now())
    return this.draft.take(notes)
  }

  #renewal(): Patch {
    return { leaseMs: this.#deps.leaseMs }
  }

  #heed(): void {
    const wish = this.#standing?.wish
    if (wish) this.stop.abort(stopFor(wish))
    this.#deps.onSaved(this)
  }
}

/** Says nothing about the work: what a transaction may still undo must not be saved beside it. */
const leaseOnly: Taking = { change: { patch: {} }, confirm() {} }

/** Each job by itself, so that one that can't be sealed is lost alone. Follow-up jobs are sealed as they are made. */
function sealChange({ patch, items, logs, ...more }: Change, id: string, { seal }: Sealer): Change {
  return {
    ...more,
    patch: sealPatch(patch, id, seal),
    ...(items && { items: items.map(item => turnItem(item, id, seal)) }),
    ...(logs && { logs: logs.map(line => turnLine(line, id, seal)) }),
  }
}

function workOf({ state: _, leaseMs: __, delayMs: ___, ...work }: Patch): Partial<JobWork> {
  return work
}

function stopFor(wish: PendingWish): StopReason {
  return wish === 'cancel'
    ? new StopReason('cancelled', 'The job was cancelled')
    : new StopReason('paused', 'The job was paused')
}
