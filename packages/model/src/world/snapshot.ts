import { isDeepStrictEqual } from 'node:util'
import type { Cell, Counts, ItemRecord, Job, JobHead, Store, StoredLogLine } from '@longhaul/core/store'

/** Everything that a store shows at one instant. */
export interface Snapshot {
  /** The oldest insert first. */
  readonly jobs: ReadonlyMap<string, Job>
  /** Of those that were written about. */
  readonly records: Readonly<Record<string, Records>>
  readonly counts: Counts
  readonly cells: Readonly<Record<string, Cell>>
}

interface Records {
  readonly items: readonly ItemRecord[]
  readonly logs: readonly StoredLogLine[]
}

export const cellNames = ['book', 'turn'] as const

/** More than a run ever has. */
const all = { limit: 1_000 }

/**
 * @param known For a job that did not change since, what no list shows of it is taken from here, its input and output.
 * Without it, all is read.
 */
export async function look(store: Store, known?: Snapshot): Promise<Snapshot> {
  const heads = [...(await store.list({}, all)).jobs].reverse()
  const written = known ? heads.filter(({ cursor }) => cursor !== null) : heads
  const [jobs, records, counts, cells] = await Promise.all([
    Promise.all(heads.map(head => wholeOf(store, head, known?.jobs.get(head.id)))),
    each(idsOf(written), id => recordsOf(store, id)),
    store.count({}),
    each(cellNames, name => store.cell(name)),
  ])
  return { jobs: new Map(jobs.map(job => [job.id, job])), records, counts, cells }
}

async function wholeOf(store: Store, head: JobHead, known: Job | undefined): Promise<Job> {
  const isKnown = known && isDeepStrictEqual({ ...head, input: known.input, output: known.output }, known)
  return isKnown ? known : ((await store.get(head.id)) as Job)
}

async function recordsOf(store: Store, id: string): Promise<Records> {
  const [items, logs] = await Promise.all([store.records(id, 'items', all), store.records(id, 'logs', all)])
  return { items: items.records, logs: logs.records }
}

async function each<Value>(names: readonly string[], read: (name: string) => Promise<Value>) {
  const values = await Promise.all(names.map(async name => [name, await read(name)] as const))
  return Object.fromEntries(values)
}

function idsOf(heads: readonly JobHead[]): readonly string[] {
  return heads.map(({ id }) => id)
}
