import { isUnreadable } from '../encoding/unreadable.js'
import type { DoneOnce, Tally } from '../processor/slice.js'
import { addTo, type Counters, type EtaState, observe } from '../progress/index.js'
import type { FollowUp, ItemRecord, Job, JobWork, LogLine, Patch, Progress } from '../store/index.js'
import { Ledger } from './ledger.js'
import { type Memo, readMemo, writeMemo } from './memo.js'
import { Outbox } from './outbox.js'
import type { Change } from './writer.js'

const mostLogLines = 1_000

/** What only the last write of a slice knows. */
export type TakeNotes = Partial<Pick<Memo, 'idleSlices' | 'paused'>>

export interface Taking {
  readonly change: Change
  /** To be called when it is stored. */
  confirm(): void
}

/**
 * What a slice did, as it will be written: absolute values for what changed, and lists of what is new. A list keeps
 * its entries until a write that held them is confirmed; a later write carries them again, and a store takes them
 * once.
 */
export class Draft {
  readonly #job: Job
  readonly #heldSince: number
  readonly #memo: Memo
  /** Made when there is a first entry: most slices have none. */
  #lists: Lists | undefined
  #ledger: Ledger | undefined
  #cursor: string | null
  #progress: Progress
  #counters: Counters
  #logLines: number
  #eta: EtaState | null
  #moved = false
  #noted = false

  constructor(job: Job, heldSince: number) {
    this.#job = job
    this.#heldSince = heldSince
    this.#memo = readMemo(job.memo)
    this.#cursor = job.cursor
    this.#progress = job.progress
    this.#counters = this.#memo.counters
    this.#logLines = this.#memo.logLines
    if (this.#memo.once) this.#ledger = new Ledger(this.#memo.once)
    this.#eta = resumed(job, this.#memo, heldSince)
  }

  get cursor(): string | null {
    return this.#cursor
  }

  get progress(): Progress {
    return this.#progress
  }

  get counters(): Counters {
    return this.#counters
  }

  /** What `once` did, made when somebody asks: most jobs do nothing of the kind. */
  get ledger(): Ledger {
    this.#ledger ??= new Ledger()
    return this.#ledger
  }

  doneOnce(item: string): readonly DoneOnce[] {
    return this.#ledger?.of(item) ?? []
  }

  forget(item: string): void {
    this.#ledger?.drop(item)
  }

  /** For a job that is over, and will never be tried again. */
  forgetAll(): void {
    this.#ledger = undefined
  }

  /** Failures in a row without progress, this slice left out. */
  get attempts(): number {
    return this.#moved ? 0 : this.#job.attempts
  }

  /** Slices in a row without progress, this one left out. */
  get idleSlices(): number {
    return this.#moved ? 0 : this.#memo.idleSlices
  }

  add(tally: Tally): void {
    this.#progress = plus(this.#progress, tally)
    for (const [name, by] of tally.counters) this.#counters = addTo(this.#counters, name, by)
    if (tally.items.length > 0) this.#open().items.push(tally.items)
    if (tally.follow.length > 0) this.#open().follow.push(tally.follow)
  }

  moveTo(position: string): void {
    this.#moved ||= position !== this.#cursor
    this.#cursor = position
  }

  report(change: Partial<Progress>): void {
    this.#progress = { ...this.#progress, ...change }
  }

  log(line: LogLine): void {
    if (this.#logLines++ < mostLogLines) this.#open().logs.push([line])
  }

  /** A job that tells nothing of its progress has no pace. */
  observe(now: number): void {
    if (this.#progress === this.#job.progress && !this.#eta) return
    this.#eta ??= observe(null, { done: this.#job.progress.done, now: this.#heldSince })
    this.#eta = observe(this.#eta, { done: this.#progress.done, now })
  }

  /** Everything as one change, and what to call once it is stored. */
  take({ idleSlices = this.idleSlices, paused = false }: TakeNotes = {}): Taking {
    const patch = this.#work(idleSlices, paused)
    return this.#lists ? withLists(patch, this.#lists) : { change: { patch }, confirm() {} }
  }

  #open(): Lists {
    this.#lists ??= { items: new Outbox(), logs: new Outbox(), follow: new Outbox() }
    return this.#lists
  }

  /** Notes that could not be read stay for someone who can. */
  #isLocked(): boolean {
    return this.#job.memo !== null && isUnreadable(this.#job.memo)
  }

  #work(idleSlices: number, paused: boolean): Partial<JobWork> {
    const notes = { counters: this.#counters, eta: this.#eta, logLines: this.#logLines, idleSlices, paused }
    const once = this.#ledger?.all()
    const memo = writeMemo(once && once.length > 0 ? { ...notes, once } : notes)
    this.#noted ||= memo !== this.#job.memo
    return {
      ...(this.#moved ? { cursor: this.#cursor, attempts: 0, crashes: 0 } : undefined),
      ...(this.#progress === this.#job.progress ? undefined : { progress: this.#progress }),
      ...(this.#noted && !this.#isLocked() ? { memo } : undefined),
    }
  }
}

interface Lists {
  readonly items: Outbox<ItemRecord>
  readonly logs: Outbox<LogLine>
  readonly follow: Outbox<FollowUp>
}

/** Only the lists that hold something. */
function withLists(patch: Patch, lists: Lists): Taking {
  const items = lists.items.take()
  const logs = lists.logs.take()
  const follow = lists.follow.take()
  const change = {
    patch,
    ...(items.entries.length > 0 ? { items: items.entries } : undefined),
    ...(logs.entries.length > 0 ? { logs: logs.entries } : undefined),
    ...(follow.entries.length > 0 ? { follow: follow.entries } : undefined),
  }
  return { change, confirm: () => [items, logs, follow].forEach(taken => void taken.confirm()) }
}

/** The pace of the job, with what it did since its last slice. */
function resumed({ progress, crashes }: Job, { eta, paused }: Memo, now: number): EtaState | null {
  const away = crashes > 0 ? 'down' : 'waiting'
  return eta && observe(eta, { done: progress.done, now, spent: paused ? 'paused' : away })
}

function plus(progress: Progress, { done, failed, skipped }: Tally): Progress {
  return {
    total: progress.total,
    done: progress.done + done,
    failed: progress.failed + failed,
    skipped: progress.skipped + skipped,
  }
}
