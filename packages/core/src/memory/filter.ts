import type { Job, JobFilter } from '../store/index.js'
import type { Entry, Tables } from './tables.js'

/** The entries that match, oldest insert first. */
export function matching(tables: Tables, filter: JobFilter): Entry[] {
  const candidates = filter.ids ? named(tables, filter.ids) : tables.oldestFirst
  return candidates.filter(({ job }) => matches(job, filter))
}

function named(tables: Tables, ids: readonly string[]): Entry[] {
  const entries = [...new Set(ids)].flatMap(id => tables.find(id) ?? [])
  return entries.sort((a, b) => a.order - b.order)
}

function matches(job: Job, filter: JobFilter): boolean {
  return (
    isAmong(filter.states, job.state) &&
    isAmong(filter.processors, job.processor) &&
    isAmong(filter.queues, job.queue) &&
    isAsked(filter.lane, job.lane) &&
    isAsked(filter.tenant, job.tenant) &&
    isAsked(filter.key, job.key) &&
    isAsked(filter.correlationId, job.correlationId) &&
    isAsked(filter.group, job.group) &&
    (filter.tag === undefined || job.tags.includes(filter.tag))
  )
}

function isAmong<Value>(wanted: readonly Value[] | undefined, value: Value) {
  return wanted === undefined || wanted.includes(value)
}

function isAsked(wanted: string | undefined, value: string | null) {
  return wanted === undefined || wanted === value
}
