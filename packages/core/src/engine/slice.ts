import type { Clock, Random } from '../clock.js'
import type { RedactText } from '../encoding/error-record.js'
import { type Call, createCall } from '../gate/index.js'
import type { Pace } from '../pace.js'
import type { DoneOnce, PrepareJob, Slice, Tally } from '../processor/slice.js'
import type { AnyProcessor } from '../processor/types.js'
import { type Counters, checkedReport, type Reported } from '../progress/index.js'
import type { Job, LogLine, Page, Progress, Store, Transaction } from '../store/index.js'
import type { Budget } from './budget.js'
import type { Gates } from './gates.js'
import type { HeldJob } from './held-job.js'
import { Once } from './once.js'

export interface SliceDeps {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly gates: Gates
  readonly budget: Budget
  /** How long a commit takes. */
  readonly commitPace: Pace
  readonly prepare: PrepareJob
  readonly redact: RedactText
}

/** In characters, of a log line. */
const longestLine = 8_192

/** Room for what no measurement foresees. */
const marginMs = 50

/** A held job as its processor sees it. */
export class HeldSlice implements Slice {
  readonly job: Job
  readonly input: unknown
  readonly #held: HeldJob
  readonly #processor: AnyProcessor
  readonly #deps: SliceDeps
  #call: Call | undefined
  #once: Once | undefined

  constructor(held: HeldJob, processor: AnyProcessor, input: unknown, deps: SliceDeps) {
    this.job = held.claimed
    this.input = input
    this.#held = held
    this.#processor = processor
    this.#deps = deps
  }

  get signal(): AbortSignal {
    return this.#held.stop.signal
  }

  get stopped(): boolean {
    return this.#held.stop.aborted
  }

  get call(): Call {
    this.#call ??= this.#openCall()
    return this.#call
  }

  get cursor(): string | null {
    return this.#held.draft.cursor
  }

  get progress(): Progress {
    return this.#held.draft.progress
  }

  get counters(): Counters {
    return this.#held.draft.counters
  }

  get random(): Random {
    return this.#deps.random
  }

  get prepare(): PrepareJob {
    return this.#deps.prepare
  }

  add(tally: Tally): void {
    this.#held.draft.add(tally)
    this.#deps.budget.spend(tally.done)
  }

  moveTo(cursor: string): void {
    this.#held.draft.moveTo(cursor)
  }

  report(progress: Reported): void {
    this.#held.draft.report(checkedReport(progress))
  }

  get redact(): RedactText {
    return this.#deps.redact
  }

  log({ level, message }: LogLine): void {
    this.#held.draft.log({ level, message: cut(this.redact(message)) })
  }

  checkpoint(via?: Transaction): Promise<void> {
    return this.#held.checkpoint(via)
  }

  once(item: string | null, key: string, effect: () => unknown): Promise<unknown> {
    this.#once ??= new Once(this.#held)
    return this.#once.run(item, key, effect)
  }

  doneOnce(item: string): readonly DoneOnce[] {
    return this.#held.draft.doneOnce(item)
  }

  recall(done: readonly DoneOnce[]): void {
    if (done.length > 0) this.#held.draft.ledger.recall(done)
  }

  forget(item: string): void {
    this.#held.draft.forget(item)
  }

  shouldYield(needMs = 0): boolean {
    const { budget, commitPace } = this.#deps
    return this.stopped || budget.isOver(needMs + commitPace.p95Ms() + marginMs)
  }

  now(): number {
    return this.#deps.clock.now()
  }

  async wait(ms: number): Promise<void> {
    await this.#deps.clock.sleep(ms, { signal: this.signal })
    this.signal.throwIfAborted()
  }

  records(page: Page) {
    return this.#deps.store.records(this.job.id, 'items', page)
  }

  #openCall(): Call {
    const { gates, clock, random } = this.#deps
    const options = this.#processor.policies.gate?.(this.input)
    return createCall({ gate: options && gates(options), clock, random, signal: this.signal })
  }
}

/** Cut after secrets are out: half of one would not be known as such. */
function cut(message: string): string {
  return message.length <= longestLine ? message : `${message.slice(0, longestLine - 1)}…`
}
