import { pagesOf } from '../pages.js'
import type { Paused } from '../pauses/index.js'
import type { Counts, JobFilter, JobHead, Store } from '../store/index.js'

/** The jobs that a runner may work, as the store has them. */
export interface Backlog {
  readonly states: Counts['states']
  /** How long until the next waiting job is due; 0 when one is, `null` without any. */
  readonly dueInMs: number | null
  /** Waiting jobs that are due and not paused, among the newest {@link mostLookedAt} that wait. */
  readonly due: number
  /** How long the longest due of all that are not paused has been so; `null` without any. */
  readonly oldestDueMs: number | null
}

export interface BacklogDeps {
  readonly store: Pick<Store, 'count' | 'list' | 'cell'>
  readonly processors: ReadonlyMap<string, unknown>
  readonly queues: readonly string[] | undefined
  paused(): Paused
}

/** A store lists the newest insert first, and counts without pauses: of more jobs than this, the rest is not listed. */
const mostLookedAt = 5_000
const pageSize = 1_000

/** @throws {StoreError} */
export async function readBacklog({ store, processors, queues, paused }: BacklogDeps): Promise<Backlog> {
  const mine = { processors: [...processors.keys()], ...(queues && { queues }) }
  const waiting = { ...mine, states: ['waiting'] } as const
  const [{ states }, counts] = await Promise.all([store.count(mine), store.count(waiting)])
  const { dueInMs } = counts
  if (dueInMs === null || dueInMs > 0) return { states, dueInMs, due: 0, oldestDueMs: null }
  const { now } = await store.cell('clock')
  const held = paused()
  const instants = await dueSince(store, waiting, held, now)
  const active = withoutPaused(waiting, held)
  const known = active === waiting ? counts : active && (await store.count(active))
  const oldestDueMs = known ? overdueMs(known) : oldestOf(instants, now)
  return { states, dueInMs: 0, due: instants.length, oldestDueMs }
}

/** The filter itself where nothing is paused; `undefined` where none can say it, since it names no queues to leave others out. */
function withoutPaused(filter: Mine, { processors, queues }: Paused): Mine | undefined {
  if (processors.length + queues.length === 0) return filter
  if (queues.length > 0 && !filter.queues) return undefined
  return {
    ...filter,
    processors: filter.processors.filter(name => !processors.includes(name)),
    ...(filter.queues && { queues: filter.queues.filter(name => !queues.includes(name)) }),
  }
}

type Mine = JobFilter & { readonly processors: readonly string[] }

function overdueMs({ dueInMs }: Counts): number | null {
  return dueInMs === null || dueInMs > 0 ? null : 0 - dueInMs
}

function oldestOf(instants: readonly number[], now: number): number | null {
  return instants.length > 0 ? now - instants.reduce((one, other) => Math.min(one, other)) : null
}

async function dueSince(
  store: BacklogDeps['store'],
  filter: Parameters<Store['list']>[0],
  paused: Paused,
  now: number,
): Promise<readonly number[]> {
  const found: number[] = []
  let looked = 0
  for await (const { jobs } of pagesOf(page => store.list(filter, page), pageSize)) {
    for (const job of jobs) if (job.dueAt <= now && !isPaused(job, paused)) found.push(job.dueAt)
    looked += pageSize
    if (looked >= mostLookedAt) break
  }
  return found
}

function isPaused({ processor, queue }: JobHead, paused: Paused): boolean {
  return paused.processors.includes(processor) || paused.queues.includes(queue)
}
