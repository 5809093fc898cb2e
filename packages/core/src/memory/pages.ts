import type { Job, JobFilter, JobHead, JobPage, Page, RecordPage } from '../store/index.js'
import { matching } from './filter.js'
import { copyOf, type Tables } from './tables.js'

/** `next` is the order of the last job of the page: a position, whatever comes or goes around it. */
export function listPage(tables: Tables, filter: JobFilter, { limit, after }: Page): JobPage {
  const older = matching(tables, filter).filter(({ order }) => after === undefined || order < Number(after))
  const page = older.slice(-limit).reverse()
  const last = page.at(-1)
  return {
    jobs: page.map(entry => headOf(copyOf(entry))),
    next: last && older.length > page.length ? String(last.order) : null,
  }
}

function headOf({ input: _input, output: _output, ...head }: Job): JobHead {
  return head
}

/** `next` is a count, for a record never leaves its place. */
export function recordPage<Item>(records: readonly Item[], { limit, after }: Page): RecordPage<Item> {
  const from = Number(after ?? 0)
  const to = from + limit
  return {
    records: records.slice(from, to).map(record => ({ ...record })),
    next: to < records.length ? String(to) : null,
  }
}
