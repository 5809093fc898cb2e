import { checkInteger } from '../check-integer.js'
import { checkNames } from '../check-names.js'
import { pagesOf } from '../pages.js'
import type { Sealer } from '../payload/sealer.js'
import { sealWish } from '../payload/texts.js'
import type { AnyProcessor } from '../processor/types.js'
import {
  type JobFilter,
  type JobHead,
  type JobState,
  type Page,
  type Store,
  type Wish,
  wishes,
} from '../store/index.js'
import { checkedFilter } from './filter.js'
import { checkedPlace, type Place } from './place.js'
import { checkOnly, type RetryOptions, retryable, retryOf } from './retry.js'

/** How far a bulk action goes. */
export interface BulkOptions {
  /** The most jobs that it looks at. From 1 to 100_000. @defaultValue 1_000 */
  readonly limit?: number
}

/** What a bulk action came to. */
export interface BulkReport {
  /** How many jobs it changed. */
  readonly changed: number
  /** Whether more may match, behind the limit. */
  readonly more: boolean
}

/** What people may ask of many jobs at once: of those that match a filter, the newest first, up to a limit. */
export interface Bulk {
  /** All that have not ended. Those that run stop at their next save. */
  cancel(filter: JobFilter, options?: BulkOptions): Promise<BulkReport>
  /** Those that are blocked, waiting or running. */
  pause(filter: JobFilter, options?: BulkOptions): Promise<BulkReport>
  /** Those that are paused, or run and are about to be. Their due times stay. */
  resume(filter: JobFilter, options?: BulkOptions): Promise<BulkReport>
  /** Makes those that wait due now. */
  promote(filter: JobFilter, options?: BulkOptions): Promise<BulkReport>
  /** With `only: 'failed'`, jobs of processors that walk no items are left out. */
  retry(filter: JobFilter, options?: BulkOptions & RetryOptions): Promise<BulkReport>
  /** Puts them into another queue, or gives them another priority, or both. */
  move(filter: JobFilter, to: Place, options?: BulkOptions): Promise<BulkReport>
}

interface BulkDeps {
  readonly store: Store
  readonly processors: ReadonlyMap<string, AnyProcessor>
  readonly sealer: Sealer | undefined
  opened(): Promise<void>
}

const pageSize = 500
const mostJobs = 100_000

export function createBulk({ store, processors, sealer, opened }: BulkDeps): Bulk {
  /** Pages go by position, so a job that changes on the way is neither left out nor met twice. */
  async function each(
    filter: JobFilter,
    { limit = 1_000, ...rest }: BulkOptions,
    act: (jobs: readonly JobHead[]) => Promise<number>,
  ): Promise<BulkReport> {
    checkNames('', rest, ['limit'])
    checkInteger('limit', limit, 1, mostJobs)
    await opened()
    let [changed, left, more] = [0, limit, false]
    const read = (page: Page) => store.list(filter, { ...page, limit: Math.min(pageSize, left) })
    for await (const { jobs, next } of pagesOf(read, pageSize)) {
      if (jobs.length > 0) changed += await act(jobs)
      left -= jobs.length
      more = next !== null
      if (left <= 0) break
    }
    return { changed, more }
  }

  async function carry(kind: Simple, filter: JobFilter, options: BulkOptions = {}): Promise<BulkReport> {
    const from = wishes(kind).map(([state]) => state)
    const states: readonly JobState[] = kind === 'resume' ? [...from, 'running'] : from
    return each(among(states, checkedFilter(filter)), options, jobs =>
      store.request({ kind }, { ids: jobs.map(idOf), states }),
    )
  }

  async function retryEach(jobs: readonly JobHead[], only: RetryOptions['only']): Promise<number> {
    const requests = only === 'failed' ? jobs.map(job => oneByOne(job)) : sharedBy(jobs)
    let changed = 0
    for (const { wish, ids } of requests) changed += await store.request(wish, { ids, states: retryable })
    return changed
  }

  /** Each has a cursor of its own, sealed for it alone. */
  function oneByOne(job: JobHead): Request {
    const wish = retryOf(job, 'failed')
    return { wish: sealer ? sealWish(wish, job.id, sealer.seal) : wish, ids: [job.id] }
  }

  function walkers(): readonly string[] {
    return [...processors.values()].filter(({ policies }) => policies.walksItems).map(({ name }) => name)
  }

  return {
    cancel: (filter, options) => carry('cancel', filter, options),
    pause: (filter, options) => carry('pause', filter, options),
    resume: (filter, options) => carry('resume', filter, options),
    promote: (filter, options) => carry('promote', filter, options),

    async retry(filter, { only, ...options } = {}) {
      checkOnly(only)
      const asked = checkedFilter(filter)
      const from = only === 'failed' ? { ...asked, processors: shared(walkers(), asked.processors) } : asked
      return each(among(retryable, from), options, jobs => retryEach(jobs, only))
    },

    async move(filter, to, options = {}) {
      const wish: Wish = { kind: 'move', ...checkedPlace(to) }
      return each(checkedFilter(filter), options, jobs => store.request(wish, { ids: jobs.map(idOf) }))
    },
  }
}

type Simple = 'cancel' | 'pause' | 'resume' | 'promote'

interface Request {
  readonly wish: Wish
  readonly ids: readonly string[]
}

/** Pure: jobs that begin again share a request, and so do those that go on. */
function sharedBy(jobs: readonly JobHead[]): Request[] {
  const requests = new Map<string, { wish: Wish; ids: string[] }>()
  for (const job of jobs) {
    const wish = retryOf(job, undefined)
    const id = JSON.stringify(wish)
    const request = requests.get(id) ?? { wish, ids: [] }
    request.ids.push(job.id)
    requests.set(id, request)
  }
  return [...requests.values()]
}

function among(states: readonly JobState[], filter: JobFilter): JobFilter {
  return { ...filter, states: shared(states, filter.states) }
}

function shared<Value>(some: readonly Value[], wanted: readonly Value[] | undefined): readonly Value[] {
  return wanted ? some.filter(value => wanted.includes(value)) : some
}

function idOf({ id }: JobHead): string {
  return id
}
