import { type Call, failure } from './call.js'
import { badResponse } from './classify.js'
import { isRecord, type Opened } from './envelope.js'
import type { WorkizError } from './errors.js'
import type { JobPage, ListQuery, RecordPage, WorkizJob } from './types.js'

/** @throws {WorkizError} unless the answer is a success, the only kind that has items. */
export function itemsOf(opened: Opened, call: Call): Extract<Opened, { kind: 'items' }> {
  if (opened.kind === 'items') return opened
  const what = opened.kind === 'refused' ? `was refused: ${opened.message}` : 'answered in an unknown shape'
  throw odd(what, call)
}

/** `'gone'` needs the API's word that it succeeded; an empty list without it proves nothing. */
export function readJob(opened: Opened, uuid: string, call: Call): WorkizJob | 'gone' {
  const { items, flagged } = itemsOf(opened, call)
  if (items.length === 0 && flagged) return 'gone'
  const [job] = items
  if (items.length !== 1 || !isJob(job)) throw odd('answered without a job', call)
  if (job.UUID !== uuid) throw odd('answered with another job', call)
  return job
}

export function readJobs(opened: Opened, query: ListQuery, call: Call): JobPage {
  const { records, ...page } = readRecords(opened, query, call)
  if (!records.every(isJob)) throw odd('listed a job without a UUID', call)
  return { jobs: records, ...page }
}

/** Where the wrapping has no `has_more`, a full page says that there may be more. */
export function readRecords(opened: Opened, { records: limit = 100 }: ListQuery, call: Call): RecordPage {
  const { items, hasMore, found } = itemsOf(opened, call)
  if (!items.every(isRecord)) throw odd('listed something that is no record', call)
  return { records: items, hasMore: hasMore ?? items.length >= limit, ...(found !== undefined && { found }) }
}

function odd(what: string, call: Call): WorkizError {
  return failure({ ...badResponse(what), status: 200 }, call)
}

function isJob(item: unknown): item is WorkizJob {
  return isRecord(item) && typeof item.UUID === 'string' && item.UUID !== ''
}
