import type { ClaimRequest, Committed, Job, Store, Write } from '@longhaul/core/store'

/** What happened at a store, in its order. */
export type Event =
  | { readonly type: 'claimed'; readonly id: string; readonly token: number }
  | { readonly type: 'sent'; readonly write: Write }
  | { readonly type: 'answered'; readonly write: Write; readonly answer: Committed }

/** Called before the store is. */
export interface Before {
  claim?(request: ClaimRequest): Promise<void> | void
  commit?(writes: readonly Write[]): void
}

export interface WatchedStore {
  readonly store: Store
  readonly before: Before
  /** Called when a claim found nothing and no other call is under way. */
  atRest?: (() => void) | undefined
  /** How often the store woke its worker. */
  wakes(): number
}

/** Tells of the claims and commits of a worker, and lets a test in before they are made. */
export function watchedStore(store: Store, note: (event: Event) => void): WatchedStore {
  let underWay = 0
  let wakes = 0
  const watched: WatchedStore = { store: { ...store, claim, commit, listen }, before: {}, wakes: () => wakes }

  async function listen(wake: () => void) {
    const stop = await store.listen?.(() => {
      wakes++
      wake()
    })
    return stop ?? (async () => {})
  }

  async function claim(request: ClaimRequest): Promise<readonly Job[]> {
    await watched.before.claim?.(request)
    const jobs = await counted(store.claim(request))
    for (const { id, token } of jobs) note({ type: 'claimed', id, token })
    if (jobs.length === 0 && underWay === 0) watched.atRest?.()
    return jobs
  }

  async function commit(writes: readonly Write[]): Promise<readonly Committed[]> {
    watched.before.commit?.(writes)
    for (const write of writes) note({ type: 'sent', write })
    const answers = await counted(store.commit(writes))
    for (const [place, write] of writes.entries())
      note({ type: 'answered', write, answer: answers[place] as Committed })
    return answers
  }

  function counted<Result>(call: Promise<Result>): Promise<Result> {
    underWay++
    return call.finally(() => underWay--)
  }

  return watched
}
