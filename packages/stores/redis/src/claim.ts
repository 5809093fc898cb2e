import { type ClaimRequest, type Job, toStorable } from '@longhaul/core/store'
import type { Connection } from './connection.js'
import { frame, groupOf } from './frames.js'
import { jobsIn, type Rows } from './rows.js'
import { claimScript } from './scripts/claim.js'

/** The most that one claim gives out, and that one script looks at: it must not hold up the server. */
const mostJobs = 2_000

interface Claimed {
  readonly jobs: readonly Job[]
  /** Where there are none, how long until one becomes due with time, if that is soon. */
  readonly dueInMs: number | undefined
}

type Answer = readonly [mayBeMore: number, jobs: Rows, dueIn: number]

/** Repeated while there is nothing among those that were looked at: they were in full lanes. */
export async function claimJobs({ run }: Connection, request: ClaimRequest): Promise<Claimed> {
  const args = argumentsOf(request)
  for (;;) {
    const [mayBeMore, answer, dueIn] = (await run(claimScript, args)) as Answer
    const jobs = jobsIn(answer)
    const isNone = jobs.length === 0
    if (!isNone || mayBeMore === 0) return { jobs, dueInMs: isNone && dueIn >= 0 ? dueIn : undefined }
  }
}

function argumentsOf({ claimId, limit, leaseMs, order = 'priority', ...where }: ClaimRequest) {
  const most = Math.min(limit, mostJobs)
  return [toStorable(claimId), most, Math.ceil(leaseMs), mostJobs, order, ...groupsIn(where)]
}

/** See `scripts/claim.ts`. */
function groupsIn({ processors, queues, exceptQueues = [] }: Where) {
  if (queues) {
    const asked = queues.filter(queue => !exceptQueues.includes(queue))
    return ['=', ...listOf(groupsOf(processors, asked))]
  }
  const names = listOf(processors.map(frame))
  if (exceptQueues.length === 0) return ['*', ...names]
  return ['-', ...names, ...listOf(groupsOf(processors, exceptQueues))]
}

type Where = Pick<ClaimRequest, 'processors' | 'queues' | 'exceptQueues'>

function groupsOf(processors: readonly string[], queues: readonly string[]): string[] {
  return processors.flatMap(processor => queues.map(queue => groupOf({ processor, queue })))
}

function listOf(names: readonly string[]) {
  const distinct = new Set(names)
  return [distinct.size, ...distinct]
}
