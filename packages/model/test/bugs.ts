import { randomUUID } from 'node:crypto'
import { isEnded, type Job, type NewJob, type Store, type Write } from '@longhaul/core/store'

/** A promise that a store breaks: what it has in place of its own, and what the model says of it. */
interface Bug {
  plant(store: Store): Partial<Store>
  readonly found: RegExp
}

/** They break an invariant, so that they show without a store to compare with. */
export const flagrantBugs: Readonly<Record<string, Bug>> = {
  'takes a stale token': {
    found: /token \d+ of job \w+ was accepted/,
    plant: store =>
      onWrite(store, async write => ({ ...write, token: (await store.get(write.id))?.token ?? 0 })),
  },
  'gives what is held to another claim': {
    found: /job \w+ was given to token 2 while 1 held it/,
    plant: store => ({
      async claim(request) {
        const { jobs } = await store.list({ states: ['running'] }, { limit: 1 })
        const again = await Promise.all(jobs.map(({ id }) => store.get(id)))
        return [
          ...again.flatMap(job => (job ? { ...job, token: job.token + 1 } : [])),
          ...(await store.claim(request)),
        ]
      },
    }),
  },
  'lets a token fall': {
    found: /the token of job \w+ went from/,
    plant: store => onGet(store, job => (isEnded(job.state) ? { ...job, token: 0 } : job)),
  },
  'moves a cursor back': {
    found: /the cursor of job \w+ went from \d+ back to null/,
    plant: store =>
      onWrite(store, async write =>
        write.patch.state === 'failed' ? { ...write, patch: { ...write.patch, cursor: null } } : write,
      ),
  },
  'revives what has ended': {
    found: /job \w+ was (failed|cancelled|completed_with_errors), and is waiting/,
    plant: store => ({
      request: (wish, of) => store.request(wish.kind === 'promote' ? { kind: 'retry' } : wish, of),
    }),
  },
  'counts one too many': {
    found: /\d+ waiting jobs are counted, and \d+ are there/,
    plant: store => ({
      async count(filter) {
        const { states, ...rest } = await store.count(filter)
        return { ...rest, states: { ...states, waiting: states.waiting + 1 } }
      },
    }),
  },
  'has no lanes': { found: /lane (narrow|wide) holds/, plant: withoutLanes },
}

/** They show in what a store beside them answers or keeps. */
export const quietBugs: Readonly<Record<string, Bug>> = {
  'claims from every queue': {
    found: /answer\.\d/,
    plant: store => ({ claim: ({ queues: _, ...request }) => store.claim(request) }),
  },
  'claims by priority alone': {
    found: /answer\.\d/,
    plant: store => ({ claim: ({ order: _, ...request }) => store.claim(request) }),
  },
  'does not know a claim again': {
    found: /answer\.\d: undefined, not \{/,
    plant: store => ({ claim: request => store.claim({ ...request, claimId: randomUUID() }) }),
  },
  'does not know that it swapped before': {
    found: /answer: undefined, not \{ value/,
    plant: store => ({ swap: (name, change) => store.swap(name, { ...change, id: randomUUID() }) }),
  },
  'never renews a lease': {
    found: /after\.jobs\.\w+\.dueAt/,
    plant: store =>
      onWrite(store, async ({ patch: { leaseMs: _, ...patch }, ...write }) => ({ ...write, patch })),
  },
  'forgets the jobs that come with a write': {
    found: /after\.jobs\.\w+: undefined/,
    plant: store => onWrite(store, async ({ follow: _, ...write }) => write),
  },
  'makes what it resumes due at once': {
    found: /after\.jobs\.\w+\.dueAt/,
    plant: store => ({
      async request(wish, of) {
        const changed = await store.request(wish, of)
        if (wish.kind === 'resume') await store.request({ kind: 'promote' }, of)
        return changed
      },
    }),
  },
  'waits for one job only': {
    found: /waitsFor: \d, not \d/,
    plant: store =>
      onInsert(store, job =>
        job.after ? { ...job, after: { ...job.after, ids: job.after.ids.slice(0, 1) } } : job,
      ),
  },
  'deletes without an end': {
    found: /answer: \d, not \d/,
    plant: store => ({ prune: rule => store.prune({ ...rule, limit: 1_000 }) }),
  },
}

function withoutLanes(store: Store): Partial<Store> {
  const lanes = new Map<string, string | null>()
  const shown = (job: Job): Job => ({ ...job, lane: lanes.get(job.id) ?? null })
  return {
    ...onGet(store, shown),
    async insert(jobs) {
      for (const { id, lane } of jobs) if (!lanes.has(id)) lanes.set(id, lane)
      return (await store.insert(jobs.map(job => ({ ...job, lane: null })))).map(shown)
    },
  }
}

function onGet(store: Store, change: (job: Job) => Job): Partial<Store> {
  return {
    async get(id) {
      const job = await store.get(id)
      return job && change(job)
    },
  }
}

function onInsert(store: Store, change: (job: NewJob) => NewJob): Partial<Store> {
  return { insert: jobs => store.insert(jobs.map(change)) }
}

function onWrite(store: Store, change: (write: Write) => Promise<Write>): Partial<Store> {
  return { commit: async writes => store.commit(await Promise.all(writes.map(change))) }
}
