import {
  type CellChange,
  type ClaimRequest,
  type JobFilter,
  type NewJob,
  type Page,
  type RecordPage,
  type RetentionRule,
  type Store,
  StoreError,
  type Wish,
  type Write,
} from '@longhaul/core/store'
import { everyPage } from './pages.js'

/** What a store can be asked, and what is done in between. */
export type Call =
  | { readonly do: 'insert'; readonly jobs: readonly NewJob[] }
  | { readonly do: 'claim'; readonly request: ClaimRequest }
  | { readonly do: 'commit'; readonly writes: readonly Write[] }
  | { readonly do: 'request'; readonly wish: Wish; readonly of: JobFilter }
  | { readonly do: 'prune'; readonly rule: RetentionRule }
  | { readonly do: 'swap'; readonly name: string; readonly change: CellChange }
  | { readonly do: 'get'; readonly id: string }
  | { readonly do: 'list'; readonly of: JobFilter; readonly limit: number }
  | { readonly do: 'count'; readonly of: JobFilter }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'records'; readonly id: string; readonly kind: 'items' | 'logs'; readonly limit: number }

/** What it answers, or the code of the error that it throws instead. Lists come as all their pages. */
export async function ask(store: Store, call: Call): Promise<unknown> {
  try {
    return await answerOf(store, call)
  } catch (error) {
    if (error instanceof StoreError && error.code === 'unknown_job') return { thrown: error.code }
    throw error
  }
}

function answerOf(store: Store, call: Call): Promise<unknown> {
  switch (call.do) {
    case 'insert':
      return store.insert(call.jobs)
    case 'claim':
      return store.claim(call.request)
    case 'commit':
      return store.commit(call.writes)
    case 'request':
      return store.request(call.wish, call.of)
    case 'prune':
      return store.prune(call.rule)
    case 'swap':
      return store.swap(call.name, call.change)
    case 'get':
      return store.get(call.id)
    case 'count':
      return store.count(call.of)
    case 'wait':
      return Promise.resolve()
    case 'list':
      return everyPage(page => store.list(call.of, { limit: call.limit, ...page }))
    case 'records':
      return everyPage(page => recordsOf(store, call, { limit: call.limit, ...page }))
  }
}

type RecordsCall = Extract<Call, { do: 'records' }>

/** The store has one signature for each kind. */
function recordsOf(store: Store, { id, kind }: RecordsCall, page: Page): Promise<RecordPage<object>> {
  return kind === 'items' ? store.records(id, kind, page) : store.records(id, kind, page)
}
