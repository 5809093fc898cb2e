import { inspect } from 'node:util'
import type { Call } from './call.js'
import { differencesOf } from './job.js'

/** A call on one line. */
export function textOf({ do: verb, ...asked }: Call): string {
  const shown = 'jobs' in asked ? asked.jobs.map(differencesOf) : asked
  return `${verb} ${inspect(shown, { breakLength: Number.POSITIVE_INFINITY, depth: 6, compact: true })}`
}
