import type { Paused } from '../pauses/index.js'
import type { Counts, JobHead, Store } from '../store/index.js'

/** The jobs that a runner may work, as the store has them. */
export interface Backlog {
  readonly states: Counts['states']
  /** How long until the next waiting job is due; 0 when one is, `null` without any. */
  readonly dueInMs: number | null
  /** Waiting jobs that are due and not paused, among the newest {@link mostLookedAt} that wait. */
  readonly due: number
  /** How long the first of these has been due; `null` without any. */
  readonly oldestDueMs: number | null
}

export interface BacklogDeps {
  readonly store: Pick<Store, 'count' | 'list' | 'cell'>
  readonly processors: ReadonlyMap<string, unknown>
  readonly queues: readonly string[] | undefined
  paused(): Paused
}

/** A store lists the newest insert first, and counts without ages: of more jobs than this, the rest is not seen. */
const mostLookedAt = 5_000
const page = 1_000

/** @throws {StoreError} */
export async function readBacklog({ store, processors, queues, paused }: BacklogDeps): Promise<Backlog> {
  const mine = { processors: [...processors.keys()], ...(queues && { queues }) }
  const waiting = { ...mine, states: ['waiting'] } as const
  const [{ states }, { dueInMs }] = await Promise.all([store.count(mine), store.count(waiting)])
  const { now } = await store.cell('clock')
  const instants = dueInMs === 0 ? await dueSince(store, waiting, paused(), now) : []
  const first = instants.reduce((one, other) => Math.min(one, other), now)
  return { states, dueInMs, due: instants.length, oldestDueMs: instants.length > 0 ? now - first : null }
}

async function dueSince(
  store: BacklogDeps['store'],
  filter: Parameters<Store['list']>[0],
  paused: Paused,
  now: number,
): Promise<readonly number[]> {
  const found: number[] = []
  let after: string | null = null
  for (let looked = 0; looked < mostLookedAt; looked += page) {
    const { jobs, next } = await store.list(filter, { limit: page, ...(after !== null && { after }) })
    for (const job of jobs) if (job.dueAt <= now && !isPaused(job, paused)) found.push(job.dueAt)
    if (next === null) break
    after = next
  }
  return found
}

function isPaused({ processor, queue }: JobHead, paused: Paused): boolean {
  return paused.processors.includes(processor) || paused.queues.includes(queue)
}
