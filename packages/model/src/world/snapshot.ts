import type { Cell, Counts, ItemRecord, Job, Store, StoredLogLine } from '@longhaul/core/store'

/** Everything that a store shows at one instant. */
export interface Snapshot {
  /** The oldest insert first. */
  readonly jobs: ReadonlyMap<string, Job>
  /** Of those that were ever claimed. */
  readonly items: Readonly<Record<string, readonly ItemRecord[]>>
  readonly logs: Readonly<Record<string, readonly StoredLogLine[]>>
  readonly counts: Counts
  readonly cells: Readonly<Record<string, Cell>>
}

export const cellNames = ['book', 'turn'] as const

/** More than a run ever has. */
const all = { limit: 1_000 }

export async function look(store: Store): Promise<Snapshot> {
  const heads = [...(await store.list({}, all)).jobs].reverse()
  const claimed = heads.filter(({ token }) => token > 0).map(({ id }) => id)
  const [jobs, items, logs, counts, cells] = await Promise.all([
    each(
      heads.map(({ id }) => id),
      id => store.get(id),
    ),
    each(claimed, async id => (await store.records(id, 'items', all)).records),
    each(claimed, async id => (await store.records(id, 'logs', all)).records),
    store.count({}),
    each(cellNames, name => store.cell(name)),
  ])
  return { jobs: new Map(Object.entries(jobs as Record<string, Job>)), items, logs, counts, cells }
}

async function each<Value>(names: readonly string[], read: (name: string) => Promise<Value>) {
  const values = await Promise.all(names.map(async name => [name, await read(name)] as const))
  return Object.fromEntries(values)
}
