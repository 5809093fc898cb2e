import {
  type Cell,
  type CellChange,
  type ClaimRequest,
  type Committed,
  type Counts,
  isLonghaulError,
  type Job,
  type JobEvent,
  type JobFilter,
  type NewJob,
  type RetentionRule,
  type Store,
  type Wish,
  type Write,
} from '@longhaul/core/store'
import { inUnits } from './time.js'

/** One call of the contract, the same for every store. */
export type Call =
  | { readonly do: 'insert'; readonly jobs: readonly NewJob[] }
  | { readonly do: 'claim'; readonly request: ClaimRequest; readonly isRepeated: boolean }
  | { readonly do: 'commit'; readonly writes: readonly NamedWrite[] }
  | { readonly do: 'request'; readonly wish: Wish; readonly filter: JobFilter }
  | { readonly do: 'prune'; readonly rule: RetentionRule }
  | { readonly do: 'swap'; readonly name: string; readonly change: CellChange }
  | { readonly do: 'look'; readonly filter: JobFilter; readonly limit: number }
  | { readonly do: 'advance' }

/** What happens to the job, or `kept` where it stays held. */
export type Deed = JobEvent | 'kept'

export interface NamedWrite {
  readonly as: Deed
  /** Its `seq` is above all that its token wrote before. */
  readonly isNew: boolean
  readonly write: Write
}

/** Everything that a store answers, with instants in units. */
export interface Reply {
  readonly error?: string
  readonly jobs?: readonly Job[]
  readonly committed?: readonly (Partial<Committed> & Pick<Committed, 'accepted'>)[]
  readonly changed?: number
  readonly pruned?: number
  readonly swapped?: Cell | undefined
  readonly cell?: Cell
  readonly counts?: Counts
  readonly pages?: readonly (readonly string[])[]
}

/** An unknown job is an answer too; any other error is none. */
export async function perform(store: Store, call: Call): Promise<Reply> {
  try {
    return inUnits(await replyOf(store, call))
  } catch (error) {
    if (isLonghaulError(error) && error.code === 'unknown_job') return { error: error.code }
    throw error
  }
}

async function replyOf(store: Store, call: Call): Promise<Reply> {
  switch (call.do) {
    case 'insert':
      return { jobs: await store.insert(call.jobs) }
    case 'claim':
      return { jobs: inOrder(await store.claim(call.request), call.isRepeated) }
    case 'commit':
      return { committed: await commit(store, call) }
    case 'request':
      return { changed: await store.request(call.wish, call.filter) }
    case 'prune':
      return { pruned: await store.prune(call.rule) }
    case 'swap':
      return { swapped: await store.swap(call.name, call.change), cell: await store.cell(call.name) }
    case 'look':
      return { pages: await pagesOf(store, call), counts: await store.count(call.filter) }
    case 'advance':
      return {}
  }
}

/** Whether an earlier write of a call is answered before the later ones, or after all of them, is left open. */
async function commit(store: Store, { writes }: Extract<Call, { do: 'commit' }>) {
  const committed = await store.commit(writes.map(({ write }) => write))
  return committed.map(({ accepted, job }, index) =>
    index === writes.length - 1 ? { accepted, job } : { accepted },
  )
}

/** What a repeated claim gives back, it gives in any order. */
function inOrder(jobs: readonly Job[], isRepeated: boolean): readonly Job[] {
  return isRepeated ? [...jobs].sort((a, b) => (a.id < b.id ? -1 : 1)) : jobs
}

async function pagesOf(store: Store, { filter, limit }: Extract<Call, { do: 'look' }>) {
  const pages: string[][] = []
  let after: string | null | undefined
  while (after !== null) {
    const page = await store.list(filter, after === undefined ? { limit } : { limit, after })
    pages.push(page.jobs.map(({ id }) => id))
    after = page.next
  }
  return pages
}
