import type { Bulk } from '../client/bulk.js'
import { inTime } from '../client/in-time.js'
import type { RetryOptions } from '../client/retry.js'
import type { Clock } from '../clock.js'
import { GroupNotFoundError, GroupUnfinishedError } from '../errors.js'
import { isEnded, type Store } from '../store/index.js'
import { type GroupView, viewGroup } from './view.js'

export interface WatchGroupOptions {
  readonly signal?: AbortSignal
  /** @defaultValue 1_000 */
  readonly pollMs?: number
}

export interface WaitForGroupOptions extends WatchGroupOptions {
  /** @defaultValue none */
  readonly timeoutMs?: number
}

/** Groups of jobs, followed and asked as one, from any process. */
export interface Groups {
  /** `undefined` when no job of it is kept. */
  get(id: string): Promise<GroupView | undefined>
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
  cancel(id: string): Promise<GroupView>
  pause(id: string): Promise<GroupView>
  resume(id: string): Promise<GroupView>
  /**
   * Tries again what failed, was cancelled or completed with errors; those of it that wait for others wait again. A
   * finishing job that has completed is not run again.
   *
   * @throws {GroupNotFoundError}
   */
  retry(id: string, options?: RetryOptions): Promise<GroupView>
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
  async function get(group: string): Promise<GroupView | undefined> {
    await opened()
    const [counts, { jobs }] = await Promise.all([
      store.count({ group }),
      store.list({ group, states: ['running'] }, { limit: mostLooks }),
    ])
    return viewGroup(group, counts, jobs, clock.now())
  }

  async function find(id: string): Promise<GroupView> {
    const group = await get(id)
    if (!group) throw new GroupNotFoundError(id)
    return group
  }

  async function* watch(id: string, { signal, pollMs = 1_000 }: WatchGroupOptions = {}) {
    let last = ''
    while (!signal?.aborted) {
      const group = await find(id)
      const seen = JSON.stringify({ ...group, eta: null })
      if (seen !== last) yield group
      if (isEnded(group.state)) return
      last = seen
      await clock.sleep(Math.max(10, pollMs), { background: true, ...(signal ? { signal } : {}) })
    }
  }

  async function waitFor(id: string, options: WaitForGroupOptions = {}): Promise<GroupView> {
    let state = 'unknown'
    return inTime(options, clock, async signal => {
      for await (const group of watch(id, { ...options, signal })) {
        state = group.state
        if (isEnded(group.state)) return group
      }
      options.signal?.throwIfAborted()
      throw new GroupUnfinishedError(id, state, options.timeoutMs)
    })
  }

  async function ask(id: string, act: () => Promise<unknown>): Promise<GroupView> {
    await find(id)
    await act()
    return find(id)
  }

  return {
    get,
    watch,
    waitFor,
    cancel: id => ask(id, () => bulk.cancel({ group: id }, all)),
    pause: id => ask(id, () => bulk.pause({ group: id }, all)),
    resume: id => ask(id, () => bulk.resume({ group: id }, all)),

    /** The jobs of it that walk no items are tried again whole: there is nothing less of them to retry. */
    retry: (id, { only } = {}) =>
      ask(id, async () => {
        if (only === 'failed')
          await bulk.retry({ group: id, states: ['completed_with_errors', 'failed'] }, { ...all, only })
        await bulk.retry({ group: id, ...(only ? { states: ['failed', 'cancelled'] } : {}) }, all)
      }),
  }
}
