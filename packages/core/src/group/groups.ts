import { checkNames } from '../check-names.js'
import type { Bulk } from '../client/bulk.js'
import { changesOf, type WatchOptions } from '../client/changes.js'
import { checkedFilter } from '../client/filter.js'
import { inTime } from '../client/in-time.js'
import type { RetryOptions } from '../client/retry.js'
import type { Clock } from '../clock.js'
import { GroupNotFoundError, GroupUnfinishedError, OptionsError } from '../errors.js'
import { pagesOf } from '../pages.js'
import { isEnded, type JobFilter, type Store } from '../store/index.js'
import { type GroupView, viewGroup } from './view.js'

/** Whose part of a group is meant: that of one tenant, or the whole. */
export interface GroupScope {
  /** Jobs of others are not seen, not counted and not changed. @defaultValue all */
  readonly tenant?: string
}

/** How a group is followed, and whose part of it. */
export interface WatchGroupOptions extends WatchOptions, GroupScope {}

/** How long a group is waited for. */
export interface WaitForGroupOptions extends WatchGroupOptions {
  /** Give up after this long, in milliseconds. @defaultValue none */
  readonly timeoutMs?: number
}

/** Groups of jobs, followed and asked as one, from any process. */
export interface Groups {
  /** `undefined` when no job of it is kept. */
  get(id: string, scope?: GroupScope): Promise<GroupView | undefined>
  /** Gives the group now and after each change, until all of it has ended. @throws {GroupNotFoundError} */
  watch(id: string, options?: WatchGroupOptions): AsyncIterable<GroupView>
  /**
   * The group, once all of it has ended, however it did.
   *
   * @throws {GroupNotFoundError}
   * @throws {GroupUnfinishedError} when it did not end in time.
   */
  waitFor(id: string, options?: WaitForGroupOptions): Promise<GroupView>
  /** Whatever of it has not ended. @throws {GroupNotFoundError} */
  cancel(id: string, scope?: GroupScope): Promise<GroupView>
  /** Whatever of it is blocked, waiting or running. @throws {GroupNotFoundError} */
  pause(id: string, scope?: GroupScope): Promise<GroupView>
  /** Whatever of it is paused. @throws {GroupNotFoundError} */
  resume(id: string, scope?: GroupScope): Promise<GroupView>
  /**
   * Tries again what failed, was cancelled or completed with errors; those of it that wait for others wait again. A
   * finishing job that has completed is not run again.
   *
   * @throws {GroupNotFoundError}
   */
  retry(id: string, options?: RetryOptions & GroupScope): Promise<GroupView>
}

interface GroupsDeps {
  readonly store: Pick<Store, 'count' | 'list'>
  readonly clock: Clock
  readonly bulk: Bulk
  opened(): Promise<void>
}

/** Of the jobs under way, so many are asked how far they are. */
const mostLooks = 100
const all = { limit: 100_000 }

export function createGroups({ store, clock, bulk, opened }: GroupsDeps): Groups {
  async function get(id: string, scope: GroupScope = {}): Promise<GroupView | undefined> {
    const filter = jobsOf(id, scope)
    await opened()
    const [counts, { jobs }] = await Promise.all([
      store.count(filter),
      store.list({ ...filter, states: ['running'] }, { limit: mostLooks }),
    ])
    return viewGroup(id, counts, jobs, clock.now())
  }

  async function find(id: string, scope: GroupScope): Promise<GroupView> {
    const group = await get(id, scope)
    if (!group) throw new GroupNotFoundError(id)
    return group
  }

  function watch(id: string, { pollMs, signal, ...scope }: WatchGroupOptions = {}) {
    const options = { ...(pollMs === undefined ? {} : { pollMs }), ...(signal ? { signal } : {}) }
    return changesOf(() => find(id, scope), options, { clock })
  }

  async function waitFor(
    id: string,
    { timeoutMs, ...options }: WaitForGroupOptions = {},
  ): Promise<GroupView> {
    let state = 'unknown'
    return inTime({ timeoutMs, signal: options.signal }, clock, async signal => {
      for await (const group of watch(id, { ...options, signal })) {
        state = group.state
        if (isEnded(group.state)) return group
      }
      options.signal?.throwIfAborted()
      throw new GroupUnfinishedError(id, state, timeoutMs)
    })
  }

  async function ask(
    id: string,
    scope: GroupScope,
    act: (jobs: JobFilter) => Promise<unknown>,
  ): Promise<GroupView> {
    await find(id, scope)
    await act(jobsOf(id, scope))
    return find(id, scope)
  }

  /** Who was cancelled because of those before it, and not by a person. */
  async function inVain(jobs: JobFilter): Promise<string[]> {
    const cancelled = { ...jobs, states: ['cancelled'] } as const
    const ids: string[] = []
    for await (const { jobs: found } of pagesOf(page => store.list(cancelled, page), 1_000)) {
      ids.push(...found.filter(({ waitsFor }) => waitsFor > 0).map(({ id }) => id))
    }
    return ids
  }

  /** The jobs that walk no items are tried again whole: there is nothing less of them to retry. */
  async function retryFailed(jobs: JobFilter): Promise<void> {
    const ids = await inVain(jobs)
    await bulk.retry({ ...jobs, states: ['completed_with_errors', 'failed'] }, { ...all, only: 'failed' })
    await bulk.retry({ ...jobs, states: ['failed'] }, all)
    if (ids.length > 0) await bulk.retry({ ...jobs, ids, states: ['cancelled'] }, all)
  }

  return {
    get,
    watch,
    waitFor,
    cancel: (id, scope = {}) => ask(id, scope, jobs => bulk.cancel(jobs, all)),
    pause: (id, scope = {}) => ask(id, scope, jobs => bulk.pause(jobs, all)),
    resume: (id, scope = {}) => ask(id, scope, jobs => bulk.resume(jobs, all)),

    retry: (id, { only, ...scope } = {}) =>
      ask(id, scope, jobs => (only === 'failed' ? retryFailed(jobs) : bulk.retry(jobs, all))),
  }
}

/** @throws {OptionsError} for no group, or a scope that would be that of all tenants. */
function jobsOf(group: string, scope: GroupScope): JobFilter {
  if (typeof group !== 'string' || group.length === 0)
    throw new OptionsError('group', `must be the id of a group, not ${JSON.stringify(group)}`)
  checkNames('', scope, ['tenant'])
  return checkedFilter({ ...scope, group })
}
