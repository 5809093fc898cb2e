import { randomUUID } from 'node:crypto'
import type { NewJob, Store, Write } from '@longhaul/core/store'

/** Store bugs that have been seen in the wild, each with a promise that must find it. */
export const bugs: Readonly<
  Record<string, { readonly promise: string; plant(store: Store): Partial<Store> }>
> = {
  'lets anyone complete a job': {
    promise: 'refuses a completion after the job was claimed again',
    plant: store =>
      onWrite(store, async write => ({ ...write, token: (await store.get(write.id))?.token ?? 0 })),
  },
  'lets anyone write a checkpoint': {
    promise: 'refuses a checkpoint after the job was claimed again',
    plant: store =>
      onWrite(store, async write => {
        const token = (await store.get(write.id))?.token ?? 0
        return write.patch.state ? write : { ...write, token }
      }),
  },
  'says that a refused write was accepted': {
    promise: 'refuses a heartbeat after its lease ended',
    plant: store => ({
      commit: async writes => (await store.commit(writes)).map(({ job }) => ({ accepted: true, job })),
    }),
  },
  'adds follow-ups before it looks at the token': {
    promise: 'refuses a completion after the job was deleted',
    plant: store => ({
      async commit(writes) {
        for (const { follow = [] } of writes) await store.insert(follow)
        return store.commit(writes)
      },
    }),
  },
  'does not know that it applied a write before': {
    promise: 'keeps records once when a write with records is repeated',
    plant(store) {
      let seq = 0
      return onWrite(store, async write => ({ ...write, seq: ++seq }))
    },
  },
  'does not know that it swapped before': {
    promise: 'swaps once when the reply to a swap was lost',
    plant: store => ({ swap: (name, change) => store.swap(name, { ...change, id: randomUUID() }) }),
  },
  'does not know a claim again': {
    promise: 'gives the same jobs with the same tokens when the reply to a claim was lost',
    plant: store => ({ claim: request => store.claim({ ...request, claimId: randomUUID() }) }),
  },
  'has no lanes': {
    promise: 'is never above its limit under many claimers',
    plant: store => onInsert(store, job => ({ ...job, laneLimit: 1_000 })),
  },
  'claims in the order of age alone': {
    promise: 'puts priority before age',
    plant: store => onInsert(store, job => ({ ...job, priority: 0 })),
  },
  'never renews a lease': {
    promise: 'lets a renewed lease outlast the first one',
    plant: store =>
      onWrite(store, async ({ patch: { leaseMs: _, ...patch }, ...write }) => ({ ...write, patch })),
  },
  'reads cursors as numbers': {
    promise: 'keeps an integer above 2^53 in every field, unit for unit',
    plant: store =>
      onWrite(store, async write => {
        const cursor = Number(write.patch.cursor)
        return cursor ? { ...write, patch: { ...write.patch, cursor: `${cursor}` } } : write
      }),
  },
  'puts a sign in place of a lone surrogate': {
    promise: 'keeps a leading lone surrogate in every field, unit for unit',
    plant: store => onInsert(store, job => ({ ...job, input: job.input.toWellFormed() })),
  },
  'inserts one job at a time': {
    promise: 'adds all jobs or none',
    plant: store => ({
      async insert(jobs) {
        const answers = []
        for (const job of jobs) answers.push(...(await store.insert([job])))
        return answers
      },
    }),
  },
  'takes an empty list of ids for no list': {
    promise: 'carries a wish to nobody when it names no ids',
    plant: store => ({
      request: (wish, { ids, ...filter }) => store.request(wish, ids?.length ? { ids, ...filter } : filter),
    }),
  },
  'pages by counting': {
    promise: 'moves no job between pages when others come',
    plant: store => ({
      async list(filter, { limit, after = '0' }) {
        const { jobs } = await store.list(filter, { limit: 1_000 })
        const to = Number(after) + limit
        return { jobs: jobs.slice(Number(after), to), next: to < jobs.length ? `${to}` : null }
      },
    }),
  },
  'deletes without an end': {
    promise: 'deletes one chunk, the longest ended first',
    plant: store => ({ prune: rule => store.prune({ ...rule, limit: 1_000 }) }),
  },
}

function onInsert(store: Store, change: (job: NewJob) => NewJob): Partial<Store> {
  return { insert: jobs => store.insert(jobs.map(change)) }
}

function onWrite(store: Store, change: (write: Write) => Promise<Write>): Partial<Store> {
  return {
    async commit(writes) {
      const changed = []
      for (const write of writes) changed.push(await change(write))
      return store.commit(changed)
    },
  }
}
