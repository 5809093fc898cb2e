import { inspect } from 'node:util'
import type { NewJob } from '@longhaul/core/store'
import { plainJob } from './commands/new-job.js'
import type { Call } from './world/call.js'

/** A call on one line, with the jobs in it as they differ from a plain one. */
export function textOf({ do: verb, ...asked }: Call): string {
  return `${verb} ${shown(asked, 'jobs' in asked ? asked.jobs.map(essence) : undefined)}`
}

function shown(asked: object, jobs: readonly object[] | undefined): string {
  return inspect(jobs ?? asked, { breakLength: Number.POSITIVE_INFINITY, depth: 6, compact: true })
}

function essence(job: NewJob): Partial<NewJob> {
  const plain: Readonly<Record<string, unknown>> = { ...plainJob, input: `input of ${job.id}` }
  return Object.fromEntries(
    Object.entries(job).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(plain[name])),
  )
}
