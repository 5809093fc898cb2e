import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { ClaimRequest, Job, NewJob, Patch, Standing, Store, Wish, Write } from '@longhaul/core/store'

/** Long enough that no real time which a slow store takes comes near it. */
export const leaseMs = 60_000

/** A job of the processor `work`, due now. */
export function aJob(differences: Partial<NewJob> = {}): NewJob {
  return {
    id: randomUUID(),
    processor: 'work',
    queue: 'default',
    input: '{}',
    priority: 0,
    key: null,
    lane: null,
    laneLimit: 1,
    tenant: null,
    correlationId: null,
    tags: [],
    group: null,
    note: null,
    delayMs: 0,
    ...differences,
  }
}

/** Nobody can store it: it throws as soon as it is read. */
export function anUnreadableJob(): NewJob {
  return {
    ...aJob(),
    get input(): string {
      throw new Error('no input')
    },
  }
}

/** Jobs named `1`, `2`, `3` and so on. */
export function someJobs(count: number, differences: Partial<NewJob> = {}): NewJob[] {
  return Array.from({ length: count }, (_, index) => aJob({ id: `${index + 1}`, ...differences }))
}

export function upTo(limit: number, differences: Partial<ClaimRequest> = {}): ClaimRequest {
  return { claimId: randomUUID(), processors: ['work'], limit, leaseMs, ...differences }
}

export async function claimed(
  store: Store,
  limit = 1,
  differences: Partial<ClaimRequest> = {},
): Promise<string[]> {
  return idsOf(await store.claim(upTo(limit, differences)))
}

/** Inserts a job and claims it. */
export async function aHeldJob(store: Store, differences: Partial<NewJob> = {}): Promise<Job> {
  const job = aJob(differences)
  await store.insert([job])
  const [held] = await store.claim(upTo(1, { processors: [job.processor] }))
  assert.ok(held, 'a job that was just inserted can be claimed')
  return held
}

/** The first write of the holder of `job`. */
export function aWrite(
  job: Pick<Job, 'id' | 'token'>,
  patch: Patch = {},
  differences: Partial<Write> = {},
): Write {
  return { id: job.id, token: job.token, seq: 1, patch, ...differences }
}

/** Commits one write, checks the answer against what is stored, and gives the job as it is stored. */
export async function write(
  store: Store,
  job: Pick<Job, 'id' | 'token'>,
  patch: Patch = {},
  differences: Partial<Write> = {},
): Promise<{ accepted: boolean; job: Job | undefined }> {
  const [committed] = await store.commit([aWrite(job, patch, differences)])
  assert.ok(committed, 'each write gets an answer')
  const stored = await store.get(job.id)
  assert.deepEqual(standingOf(committed.job), standingOf(stored), 'the answer is what is stored')
  return { accepted: committed.accepted, job: stored }
}

export function standingOf(job: Standing | undefined): Standing | undefined {
  if (!job) return undefined
  const { state, token, wish, dueAt, endedAt } = job
  return { state, token, wish, dueAt, endedAt }
}

/** Inserts a job and brings it to its end. */
export async function anEndedJob(
  store: Store,
  state: Ended = 'completed',
  differences: Partial<NewJob> = {},
): Promise<Job> {
  const held = await aHeldJob(store, differences)
  const { job } = await write(store, held, { state })
  assert.ok(job?.state === state, `the job is ${state}`)
  return job
}

type Ended = 'completed' | 'completed_with_errors' | 'failed' | 'cancelled'

export function wish(store: Store, kind: Exclude<Wish['kind'], 'move'>, ...ids: string[]): Promise<number> {
  return store.request({ kind }, { ids })
}

/** The stored job, which must be there. */
export async function stored(store: Store, { id }: { readonly id: string }): Promise<Job> {
  const job = await store.get(id)
  assert.ok(job, `job ${id} is stored`)
  return job
}

export async function nowOf(store: Store): Promise<number> {
  return (await store.cell('clock')).now
}

export function idsOf(jobs: readonly { readonly id: string }[]): string[] {
  return jobs.map(({ id }) => id)
}

/** Every member of `expected` is the same in `actual`. */
export function assertHas<Actual extends object>(actual: Actual | undefined, expected: Partial<Actual>) {
  assert.ok(actual, 'there is something to look at')
  const shown = Object.keys(expected).map(key => [key, actual[key as keyof Actual]])
  assert.deepEqual(Object.fromEntries(shown), expected)
}

export function assertBetween(actual: number, from: number, to: number) {
  assert.ok(from <= actual && actual <= to, `${actual} is from ${from} to ${to}`)
}

/** Everything a store shows: each job with its records. */
export async function everything(store: Store) {
  const all = []
  for (const { id } of await everyHead(store)) {
    const items = await everyPage(after => store.records(id, 'items', { limit: 1_000, ...after }))
    const logs = await everyPage(after => store.records(id, 'logs', { limit: 1_000, ...after }))
    all.push({ job: await store.get(id), items, logs })
  }
  return all
}

/** Nothing that the store shows is changed by `act`. */
export async function assertUnchanged(store: Store, act: () => Promise<unknown>) {
  const before = await everything(store)
  await act()
  assert.deepEqual(await everything(store), before)
}

export async function everyHead(store: Store, filter = {}, limit = 1_000) {
  return everyPage(async after => {
    const { jobs, next } = await store.list(filter, { limit, ...after })
    return { records: jobs, next }
  })
}

/** Walks pages to their end. */
export async function everyPage<Item>(
  page: (after: {
    after?: string
  }) => Promise<{ readonly records: readonly Item[]; readonly next: string | null }>,
): Promise<Item[]> {
  const all: Item[] = []
  let next: string | null = null
  do {
    const { records, next: following }: Awaited<ReturnType<typeof page>> = await page(
      next === null ? {} : { after: next },
    )
    all.push(...records)
    next = following
  } while (next !== null)
  return all
}
