import type { JobDetails } from '@longhaul/core'
import type { JobHead } from '@longhaul/core/store'
import { nameOf, type Run } from '../run.js'
import type { ExpectedJob, Scenario } from '../scenarios/index.js'
import { faultsIn } from './faults.js'

/** What should become of a job; `undefined` for one that nobody asked for. */
export function expectedOf(
  job: JobHead,
  { expects: { jobs, slots } }: Pick<Scenario, 'expects'>,
): ExpectedJob | undefined {
  const name = nameOf(job)
  const isSlot = slots && name.startsWith(`schedule:${slots.schedule}@`)
  return isSlot ? slots.each : jobs[name]
}

/** A job as people see it. */
export function seenOf({ id }: JobHead, { seen }: Run): JobDetails | undefined {
  return seen.find(job => job.id === id)
}

export function lastErrorOf(job: JobHead, run: Run): string | null {
  return seenOf(job, run)?.errors?.last.code ?? null
}

/** Whether a fault held a job up until it was too late for it. */
export function ranOutOfTime(job: JobHead, { deadlineMs }: ExpectedJob, run: Run): boolean {
  const isLate = job.state === 'failed' && lastErrorOf(job, run) === 'deadline_exceeded'
  return deadlineMs !== undefined && faultsIn(run) > 0 && isLate
}
