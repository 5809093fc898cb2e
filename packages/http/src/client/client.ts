import type {
  AnyProcessor,
  Counts,
  GroupView,
  ItemView,
  JobView,
  LogView,
  Page,
  RecordPage,
  RetryOptions,
} from '@longhaul/core'
import { browserClock } from './browser-clock.js'
import type { ClientOptions } from './options.js'
import { createTransport } from './transport.js'
import type {
  ListOptions,
  NameOf,
  RemoteEnqueued,
  RemoteEnqueueOptions,
  RemoteInput,
  RemoteJob,
  RemoteOutput,
} from './types.js'
import { type WatchOptions, watch } from './watch.js'

/** The routes of a handler, as functions: for browsers and for other servers. Each throws a {@link RequestError}. */
export interface Client<Processors extends readonly AnyProcessor[] = readonly AnyProcessor[]> {
  /** @throws {RequestError} `key_taken` (409), with the `jobId` that has the key in its `problem`. */
  enqueue<const Name extends NameOf<Processors>>(
    processor: Name,
    input: RemoteInput<Processors, Name>,
    options?: RemoteEnqueueOptions,
  ): Promise<RemoteEnqueued<RemoteOutput<Processors, Name>>>
  get(id: string): Promise<RemoteJob>
  list(options?: ListOptions): Promise<{ readonly jobs: readonly JobView[]; readonly next: string | null }>
  stats(filter?: Omit<ListOptions, 'limit' | 'after'>): Promise<Counts>
  items(id: string, page?: Partial<Page>): Promise<RecordPage<ItemView>>
  logs(id: string, page?: Partial<Page>): Promise<RecordPage<LogView>>
  /** Gives the job now and after each change, until it has ended. */
  watch(id: string, options?: WatchOptions): AsyncIterable<RemoteJob>
  cancel(id: string): Promise<RemoteJob>
  pause(id: string): Promise<RemoteJob>
  resume(id: string): Promise<RemoteJob>
  promote(id: string): Promise<RemoteJob>
  retry(id: string, options?: RetryOptions): Promise<RemoteJob>
  readonly groups: {
    get(id: string): Promise<GroupView>
    watch(id: string, options?: WatchOptions): AsyncIterable<GroupView>
    cancel(id: string): Promise<GroupView>
    pause(id: string): Promise<GroupView>
    resume(id: string): Promise<GroupView>
    retry(id: string, options?: RetryOptions): Promise<GroupView>
  }
}

/** @typeParam Processors `typeof processors` of the app, by `import type`: then inputs and outputs are typed by name. */
export function createClient<Processors extends readonly AnyProcessor[] = readonly AnyProcessor[]>(
  options: ClientOptions,
): Client<Processors> {
  const { clock = browserClock, random = Math.random } = options
  const transport = createTransport(options)
  const deps = { transport, clock, random }
  const { ask } = transport
  const to = (kind: 'jobs' | 'groups', id: string, verb = '') => `/${kind}/${encodeURIComponent(id)}${verb}`
  const act = (kind: 'jobs' | 'groups', verb: string) => (id: string, body: RetryOptions | undefined) =>
    ask(to(kind, id, `/${verb}`), { method: 'POST', body })
  const controls = (kind: 'jobs' | 'groups') => ({
    get: (id: string) => ask(to(kind, id)),
    watch: (id: string, how: WatchOptions = {}) => watch({ path: to(kind, id), isOver: hasEnded }, how, deps),
    cancel: (id: string) => act(kind, 'cancel')(id, undefined),
    pause: (id: string) => act(kind, 'pause')(id, undefined),
    resume: (id: string) => act(kind, 'resume')(id, undefined),
    retry: act(kind, 'retry'),
  })

  const client = {
    ...controls('jobs'),
    groups: controls('groups'),
    promote: (id: string) => act('jobs', 'promote')(id, undefined),
    list: (query: ListOptions = {}) => ask('/jobs', { query: { ...query } }),
    stats: (query: ListOptions = {}) => ask('/stats', { query: { ...query } }),
    items: (id: string, page: Partial<Page> = {}) => ask(to('jobs', id, '/items'), { query: { ...page } }),
    logs: (id: string, page: Partial<Page> = {}) => ask(to('jobs', id, '/logs'), { query: { ...page } }),

    enqueue(processor: string, input: unknown, { idempotencyKey, ...job }: RemoteEnqueueOptions = {}) {
      const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
      return ask(to('jobs', processor), { method: 'POST', headers, body: { input, ...job } })
    },
  }
  return client as unknown as Client<Processors>
}

const ended = new Set(['completed', 'completed_with_errors', 'failed', 'cancelled'])

function hasEnded(view: unknown): boolean {
  return ended.has((view as { state: string }).state)
}
