import type { EnqueueOptions } from '../enqueue-options.js'
import type { JobContext, JobLog } from './context.js'
import type { Slice, Tally } from './slice.js'
import type { AnyProcessor } from './types.js'

/** What every handler is given; what it counts and enqueues goes where `note` takes it. */
export function jobContext(
  slice: Slice,
  note: (change: (tally: Tally) => void) => void,
): JobContext<unknown> {
  const { job, input, signal, call } = slice
  return {
    input,
    jobId: job.id,
    tenant: job.tenant,
    correlationId: job.correlationId,
    attempt: job.attempts + 1,
    token: job.token,
    signal,
    call,
    log: jobLog(slice),
    count: (counter, by = 1) =>
      note(({ counters }) => counters.set(counter, (counters.get(counter) ?? 0) + by)),

    async enqueue(processor: AnyProcessor, input: unknown, options: EnqueueOptions = {}) {
      const next = await slice.prepare(processor.name, input, options)
      note(({ follow }) => follow.push(next))
    },
  }
}

function jobLog(slice: Slice): JobLog {
  const line = (level: keyof JobLog) => (message: string) => slice.log({ level, message: String(message) })
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}
