import { isDeepStrictEqual } from 'node:util'
import type { JobHead } from '@longhaul/core/store'
import type { Run } from '../run.js'
import { expectedOf, seenOf } from './expected.js'

/** Everything reads as it was written, and only by those who may. */
export function wrongReads(run: Run): string[] {
  return [...run.jobs.flatMap(job => wrongReadsOf(job, run)), ...secretsIn(run)]
}

function wrongReadsOf(job: JobHead, run: Run): string[] {
  const { reads } = expectedOf(job, run.scenario) ?? {}
  const seen = seenOf(job, run)
  if (seen?.unreadable) return [`of job ${job.id} ${JSON.stringify(seen.unreadable)} can't be read`]
  const isAsWritten = !reads || isDeepStrictEqual({ input: seen?.input, output: seen?.output }, reads)
  return isAsWritten ? [] : [`job ${job.id} reads as something else`]
}

function secretsIn({ events, scenario: { expects } }: Run): string[] {
  const { secret } = expects
  if (secret === undefined) return []
  const stored = events.filter(({ type }) => type === 'claimed' || type === 'written')
  const open = stored.filter(event => JSON.stringify(event).includes(secret))
  return open.map(({ type }) => `a secret is there to be read in what was ${type}`)
}
