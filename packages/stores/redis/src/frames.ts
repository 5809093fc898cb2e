import { fromStorable, type JobSpec, toStorable } from '@longhaul/core/store'

/** A name with its length in bytes before it, so that no two can run into each other. */
export function frame(name: string): string {
  const text = toStorable(name)
  return `${Buffer.byteLength(text)}:${text}`
}

/** The name that was framed, and what follows it. The length counts bytes, which are characters in nearly every name. */
export function unframe(stored: string): [name: string, rest: string] {
  const from = stored.indexOf(':') + 1
  const bytes = Number(stored.slice(0, from - 1))
  const text = stored.slice(from, from + bytes)
  if (Buffer.byteLength(text) === bytes) return [fromStorable(text), stored.slice(from + bytes)]
  const whole = Buffer.from(stored).subarray(from)
  return [fromStorable(whole.toString('utf8', 0, bytes)), whole.toString('utf8', bytes)]
}

/** What is claimed, counted and ordered together. */
export function groupOf({ processor, queue }: Pick<JobSpec, 'processor' | 'queue'>): string {
  return frame(processor) + frame(queue)
}

/** Under what a job is found. The letter says what the name is. */
export const markOf = {
  key: (name: string) => frame(`k${toStorable(name)}`),
  lane: (name: string) => frame(`l${toStorable(name)}`),
  tenant: (name: string) => frame(`n${toStorable(name)}`),
  correlationId: (name: string) => frame(`o${toStorable(name)}`),
  group: (name: string) => frame(`g${toStorable(name)}`),
  tag: (name: string) => frame(`t${toStorable(name)}`),
} as const

export function marksOf({ processor, key, lane, tenant, correlationId, group, tags }: JobSpec): string {
  let marks = key === null ? '' : uniqueMark(processor, tenant, key) + markOf.key(key)
  if (lane !== null) marks += markOf.lane(lane)
  if (tenant !== null) marks += markOf.tenant(tenant)
  if (correlationId !== null) marks += markOf.correlationId(correlationId)
  if (group !== null) marks += markOf.group(group)
  for (const tag of new Set(tags)) marks += markOf.tag(tag)
  return marks
}

/** No two jobs have the same. */
function uniqueMark(processor: string, tenant: string | null, key: string) {
  return frame(`u${frame(processor)}${tenant === null ? '-' : frame(tenant)}${toStorable(key)}`)
}
