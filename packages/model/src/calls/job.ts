import { aJob as anyJob } from '@longhaul/conformance'
import type { NewJob } from '@longhaul/core/store'

export function aJob(id: string, differences: Partial<NewJob> = {}): NewJob {
  return anyJob({ id, queue: 'fast', input: `input of ${id}`, ...differences })
}

/** The members in which it is not as `aJob` makes one. */
export function differencesOf(job: NewJob): Partial<NewJob> {
  const plain: Readonly<Partial<Record<string, unknown>>> = { ...aJob(job.id) }
  const isOwn = ([name, value]: [string, unknown]) => JSON.stringify(value) !== JSON.stringify(plain[name])
  return Object.fromEntries(Object.entries(job).filter(isOwn))
}
