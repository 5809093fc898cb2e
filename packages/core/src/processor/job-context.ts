import type { EnqueueOptions } from '../enqueue-options.js'
import type { JobContext, JobLog } from './context.js'
import { emptyTally, type Slice, type Tally } from './slice.js'
import type { AnyProcessor } from './types.js'

/**
 * What every handler is given, with `more` beside it; what it counts and enqueues goes where `note` takes it. What
 * few handlers ask for is made when they do.
 */
export function jobContext<More extends object>(
  slice: Slice,
  note: (change: (tally: Tally) => void) => void,
  more: More,
): JobContext<unknown> & More {
  return Object.assign(baseContext(slice, note), more)
}

function baseContext(slice: Slice, note: (change: (tally: Tally) => void) => void): JobContext<unknown> {
  const { job } = slice
  return {
    input: slice.input,
    jobId: job.id,
    tenant: job.tenant,
    correlationId: job.correlationId,
    attempt: job.attempts + 1,
    token: job.token,
    get signal() {
      return slice.signal
    },
    get call() {
      return slice.call
    },
    get log() {
      return jobLog(slice)
    },
    count: (counter, by = 1) =>
      note(({ counters }) => counters.set(counter, (counters.get(counter) ?? 0) + by)),

    async enqueue(processor: AnyProcessor, input: unknown, options: EnqueueOptions = {}) {
      const next = await slice.prepare(processor.name, input, options)
      note(({ follow }) => follow.push(next))
    },
  }
}

/** Goes straight into what is saved next. */
export function noteNow(slice: Slice): (change: (tally: Tally) => void) => void {
  return change => {
    const tally = emptyTally()
    change(tally)
    slice.add(tally)
  }
}

function jobLog(slice: Slice): JobLog {
  const line = (level: keyof JobLog) => (message: string) => slice.log({ level, message: String(message) })
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}
