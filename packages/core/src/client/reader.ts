import type { Clock } from '../clock.js'
import { decodeCursor } from '../encoding/cursor.js'
import { isUnreadable, problemOf, readableLine } from '../encoding/unreadable.js'
import type { Counts, ItemRecord, JobFilter, Page, RecordPage, Store, StoredLogLine } from '../store/index.js'
import type { WatchOptions } from './changes.js'
import { checkedFilter } from './filter.js'
import { checkedPage } from './page.js'
import { type JobDetails, type JobView, viewJob, viewJobDetails } from './view.js'
import { type WaitOptions, waitForJob, watchJob } from './watch.js'

/** A page of jobs, without what they carry: `get` shows that. */
export interface JobList {
  readonly jobs: readonly JobView[]
  /** To be passed as `after` for the next page; `null` at the end. */
  readonly next: string | null
}

/** How one item ended; those that simply succeeded are counted, not recorded. */
export interface ItemView {
  readonly key: string
  readonly outcome: ItemRecord['outcome']
  /** The item as it was when it failed. */
  readonly item: unknown
  /** Why it was skipped, or what went wrong. */
  readonly reason: string | null
}

/** A line that a handler kept with its job. */
export interface LogView {
  /** By the store's clock, in ISO 8601. */
  readonly at: string
  readonly level: StoredLogLine['level']
  readonly message: string
}

interface ReaderDeps {
  readonly store: Store
  readonly clock: Clock
  opened(): Promise<void>
  onChange(id: string, listener: () => void): () => void
}

const defaultPage: Page = { limit: 50 }

/** The side that looks. */
export function createReader(deps: ReaderDeps) {
  const { store, clock, opened } = deps
  return {
    async get(id: string): Promise<JobDetails | undefined> {
      await opened()
      const job = await store.get(id)
      return job && viewJobDetails(job, clock.now())
    },

    async list(filter: JobFilter = {}, page: Page = defaultPage): Promise<JobList> {
      await opened()
      const { jobs, next } = await store.list(checkedFilter(filter), checkedPage(page))
      return { jobs: jobs.map(job => viewJob(job, clock.now())), next }
    },

    async stats(filter: JobFilter = {}): Promise<Counts> {
      const asked = checkedFilter(filter)
      await opened()
      return store.count(asked)
    },

    async items(id: string, page: Page = defaultPage): Promise<RecordPage<ItemView>> {
      await opened()
      const { records, next } = await store.records(id, 'items', checkedPage(page))
      return { records: records.map(viewItem), next }
    },

    async logs(id: string, page: Page = defaultPage): Promise<RecordPage<LogView>> {
      await opened()
      const { records, next } = await store.records(id, 'logs', checkedPage(page))
      return { records: records.map(viewLog), next }
    },

    async *watch(id: string, options: WatchOptions = {}) {
      await opened()
      yield* watchJob(id, options, deps)
    },

    async waitFor(id: string, options: WaitOptions = {}): Promise<unknown> {
      await opened()
      return (await waitForJob(id, options, deps)).output
    },
  }
}

function viewItem({ key, outcome, value, error }: ItemRecord): ItemView {
  const item = value === null || isUnreadable(value) ? undefined : decodeCursor(value)
  return { key, outcome, item, reason: error === null ? null : reasonOf(outcome, error) }
}

function reasonOf(outcome: ItemRecord['outcome'], error: string): string {
  if (outcome !== 'failed') return readableLine('reason', error)
  return problemOf('reason', error)?.message ?? (JSON.parse(error) as { message: string }).message
}

function viewLog({ at, level, message }: StoredLogLine): LogView {
  return { at: new Date(at).toISOString(), level, message: readableLine('line', message) }
}
