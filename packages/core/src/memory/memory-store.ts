import { type Clock, systemClock } from '../clock.js'
import { type Job, type Store, StoreError, type Transaction, type Wish, type Write } from '../store/index.js'
import { readCell, swapCell } from './cells.js'
import { claim } from './claim.js'
import { commit, copyOfWrite } from './commit.js'
import { count } from './count.js'
import { matching } from './filter.js'
import { insert } from './insert.js'
import { listPage, recordPage } from './pages.js'
import { prune } from './prune.js'
import { copyOf, Tables } from './tables.js'
import { wakeUps } from './wake-ups.js'
import { carryOut } from './wishes.js'

/** How a memory store tells time, and where it may be used. */
export interface MemoryStoreOptions {
  /** @defaultValue the system's clock */
  readonly clock?: Pick<Clock, 'now'>
  /**
   * Opens even where `NODE_ENV` is `production`.
   *
   * @defaultValue false
   * @throws {StoreError} `store_failed` from `open`, when it is production and not allowed.
   */
  readonly allowInProduction?: boolean
}

const name = 'memory'

/**
 * Keeps jobs in this process: for tests, and for tools that end with their work. Nothing survives a restart,
 * no other process sees it, and it can't join a transaction.
 */
export function memoryStore({
  clock = systemClock,
  allowInProduction = false,
}: MemoryStoreOptions = {}): Store {
  let open: Tables | undefined = new Tables()
  const listeners = wakeUps()

  function tables() {
    if (open) return open
    throw new StoreError('store_closed', name, 'This memory store was closed, and what it kept is gone.')
  }

  return {
    name,

    async open() {
      tables()
      if (!allowInProduction) refuseInProduction()
    },

    async insert(jobs, via) {
      refuseTransaction(via)
      const now = clock.now()
      const answer = insert(tables(), jobs, now).map(copyOf)
      if (answer.some(job => job.state === 'waiting' && job.dueAt <= now)) listeners.wake()
      return answer
    },

    async claim(request) {
      return claim(tables(), request, clock.now()).map(copyOf)
    },

    async commit(writes, via) {
      refuseTransaction(via)
      const now = clock.now()
      const { released } = tables()
      const copies = writes.map(copyOfWrite)
      const answer = copies.map(write => commit(tables(), write, now))
      const makesDue = copies.some(write => makesWork(write, tables().find(write.id)?.job, now))
      if (makesDue || tables().released > released) listeners.wake()
      return answer
    },

    async request(wish, filter) {
      const now = clock.now()
      const { released } = tables()
      const copy = structuredClone(wish)
      const changed = carryOut(tables(), matching(tables(), filter), copy, now)
      const makesDue = changed > 0 && becomesDue.includes(wish.kind)
      if (makesDue || tables().released > released) listeners.wake()
      return changed
    },

    async get(id) {
      const entry = tables().find(id)
      return entry && copyOf(entry)
    },

    async list(filter, page) {
      return listPage(tables(), filter, page)
    },

    async count(filter) {
      const jobs = matching(tables(), filter).map(({ job }) => job)
      return count(jobs, filter, clock.now())
    },

    // biome-ignore lint/suspicious/noExplicitAny: one body for the two overloads of the contract
    async records(jobId: string, kind: 'items' | 'logs', page): Promise<any> {
      return recordPage<object>(tables().find(jobId)?.[kind] ?? [], page)
    },

    async prune(rule) {
      return prune(tables(), rule, clock.now())
    },

    async cell(cellName) {
      return readCell(tables().cells, cellName, clock.now())
    },

    async swap(cellName, change) {
      return swapCell(tables().cells, cellName, change, clock.now())
    },

    async listen(wake) {
      tables()
      return listeners.add(wake)
    },

    async close() {
      open = undefined
      listeners.clear()
    },
  }
}

const becomesDue: readonly Wish['kind'][] = ['resume', 'retry', 'promote']

/** Somebody may find more to claim than before: a due job, or a place in a lane. */
function makesWork({ follow = [] }: Write, job: Job | undefined, now: number): boolean {
  if (follow.length > 0) return true
  if (!job || job.state === 'running') return false
  return job.lane !== null || (job.state === 'waiting' && job.dueAt <= now)
}

function refuseTransaction(via: Transaction | undefined) {
  if (via === undefined) return
  throw new StoreError('invalid_transaction', name, 'The memory store has no transactions: leave `via` out.')
}

function refuseInProduction() {
  if (process.env.NODE_ENV !== 'production') return
  throw new StoreError(
    'store_failed',
    name,
    'The memory store loses all jobs at a restart, so it does not open in production. Use a store that keeps them, ' +
      'or say `memoryStore({ allowInProduction: true })`.',
  )
}
