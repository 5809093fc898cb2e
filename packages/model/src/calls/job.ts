import type { NewJob } from '@longhaul/core/store'

export function aJob(id: string, differences: Partial<NewJob> = {}): NewJob {
  return { ...plainJob, id, input: inputOf(id), ...differences }
}

const plainJob: Omit<NewJob, 'id' | 'input'> = {
  processor: 'work',
  queue: 'fast',
  priority: 0,
  key: null,
  lane: null,
  laneLimit: 1,
  tenant: null,
  correlationId: null,
  tags: [],
  group: null,
  note: null,
  delayMs: 0,
}

const inputOf = (id: string) => `input of ${id}`

/** The members in which it is not as `aJob` makes one. */
export function differencesOf(job: NewJob): Partial<NewJob> {
  const plain: Readonly<Record<string, unknown>> = { ...plainJob, input: inputOf(job.id) }
  const isOwn = ([name, value]: [string, unknown]) => JSON.stringify(value) !== JSON.stringify(plain[name])
  return Object.fromEntries(Object.entries(job).filter(isOwn))
}
