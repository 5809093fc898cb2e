import type { FollowUpOptions } from '../enqueue-options.js'
import type { Call } from '../gate/index.js'
import type { JobContext, JobLog } from './context.js'
import { emptyTally, type Slice, type Tally } from './slice.js'
import type { AnyProcessor } from './types.js'

/** Takes what a handler counts and enqueues to where it belongs. */
export type Note = (change: (tally: Tally) => void) => void

/** What every handler is given. Its methods may be taken off it; what few handlers ask for is made when they do. */
export class HandlerContext implements JobContext<unknown> {
  readonly input: unknown
  readonly jobId: string
  readonly tenant: string | null
  readonly correlationId: string | null
  readonly attempt: number
  readonly token: number
  readonly #slice: Slice
  readonly #note: Note
  /** The item that its effects belong to; `null` for the job as a whole. */
  readonly #item: string | null
  #asked = false

  constructor(slice: Slice, note: Note, item: string | null = null) {
    const { job } = slice
    this.input = slice.input
    this.jobId = job.id
    this.tenant = job.tenant
    this.correlationId = job.correlationId
    this.attempt = job.attempts + 1
    this.token = job.token
    this.#slice = slice
    this.#note = note
    this.#item = item
  }

  get signal(): AbortSignal {
    this.#asked = true
    return this.#slice.signal
  }

  get call(): Call {
    return this.#slice.call
  }

  get log(): JobLog {
    return jobLog(this.#slice)
  }

  get once(): JobContext<unknown>['once'] {
    return <Result>(key: string, effect: () => Result | Promise<Result>) =>
      this.#slice.once(this.#item, key, effect) as Promise<Result>
  }

  get count(): JobContext<unknown>['count'] {
    return (counter, by = 1) =>
      this.#note(({ counters }) => counters.set(counter, (counters.get(counter) ?? 0) + by))
  }

  get enqueue(): JobContext<unknown>['enqueue'] {
    return async (processor: AnyProcessor, input: unknown, options: FollowUpOptions = {}) => {
      const next = await this.#slice.prepare(processor.name, input, options)
      this.#note(({ follow }) => follow.push(next))
    }
  }

  /**
   * Takes a handler at its word that it is done. One that has looked at its signal, was told to stop and returns nothing
   * may have left off anywhere, so it is not believed.
   *
   * @throws the reason of the signal
   */
  believe(output: unknown): void {
    if (output === undefined && this.#asked && this.#slice.stopped) this.#slice.signal.throwIfAborted()
  }
}

/** Goes straight into what is saved next. */
export function noteNow(slice: Slice): Note {
  return change => {
    const tally = emptyTally()
    change(tally)
    slice.add(tally)
  }
}

function jobLog(slice: Slice): JobLog {
  const line = (level: keyof JobLog) => (message: string) => slice.log({ level, message: textOf(message) })
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

/** Types ask for a string, and people log what they have. */
function textOf(message: unknown): string {
  if (typeof message === 'string') return message
  if (message instanceof Error) return String(message)
  try {
    return JSON.stringify(message) ?? String(message)
  } catch {
    return String(message)
  }
}
