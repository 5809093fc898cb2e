import type { MakeJob, Making } from '../client/new-job.js'
import type { Trace } from '../encoding/note.js'
import { OptionsError } from '../errors.js'
import type { Around } from './around.js'
import type { EnqueuedJob } from './types.js'

const longestPart = 1_024

/** Makes jobs as `make` does, with the trace that a middleware gave them. */
export function aroundMaking(around: Around<EnqueuedJob>, make: MakeJob): MakeJob {
  return making => {
    const job = enqueuedJob(making)
    return around(job, async () => make({ ...making, trace: checkedTrace(job.trace) }))
  }
}

function enqueuedJob({ id, processor, options }: Making): EnqueuedJob {
  const { queue = processor.policies.queue, key, tenant, correlationId, group } = options
  return {
    ...{ id, processor: processor.name, queue },
    key: key ?? null,
    tenant: tenant ?? null,
    correlationId: correlationId ?? null,
    group: group ?? null,
    trace: undefined,
  }
}

function checkedTrace(trace: Trace | undefined): Trace | undefined {
  if (trace === undefined) return undefined
  const { traceparent, tracestate = '' } = trace
  if (isPart(traceparent) && isPart(tracestate)) return { traceparent, tracestate: tracestate || undefined }
  throw new OptionsError('trace', `must hold strings of up to ${longestPart} characters`)
}

function isPart(text: unknown): boolean {
  return typeof text === 'string' && text.length <= longestPart
}
