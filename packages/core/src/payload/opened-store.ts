import type { JobFilter, Page, Store } from '../store/index.js'
import type { Sealer } from './sealer.js'
import { openHead, openJob, turnItem, turnLine } from './texts.js'

/** A store as the core reads it: what it gives is opened. What goes into it is sealed by those who write. */
export function openedStore(store: Store, { open }: Sealer): Store {
  return {
    ...passed(store),

    insert(jobs, via) {
      return store.insert(jobs, via).then(stored => stored.map(job => openJob(job, open)))
    },

    async claim(request) {
      return (await store.claim(request)).map(job => openJob(job, open))
    },

    async get(id) {
      const job = await store.get(id)
      return job && openJob(job, open)
    },

    async list(filter, page) {
      const { jobs, next } = await store.list(filter, page)
      return { jobs: jobs.map(job => openHead(job, open)), next }
    },

    // biome-ignore lint/suspicious/noExplicitAny: one body for the two overloads of the contract
    async records(id: string, kind: 'items' | 'logs', page: Page): Promise<any> {
      if (kind === 'items') {
        const { records, next } = await store.records(id, kind, page)
        return { records: records.map(item => turnItem(item, id, open)), next }
      }
      const { records, next } = await store.records(id, kind, page)
      return { records: records.map(line => turnLine(line, id, open)), next }
    },
  }
}

/** The members that carry no text of a job. */
function passed(store: Store) {
  const { listen, hears } = store
  return {
    name: store.name,
    open: () => store.open(),
    commit: (...args: Parameters<Store['commit']>) => store.commit(...args),
    request: (...args: Parameters<Store['request']>) => store.request(...args),
    count: (filter: JobFilter) => store.count(filter),
    prune: (...args: Parameters<Store['prune']>) => store.prune(...args),
    cell: (name: string) => store.cell(name),
    swap: (...args: Parameters<Store['swap']>) => store.swap(...args),
    ...(listen ? { listen: (wake: () => void) => listen.call(store, wake) } : {}),
    ...(hears ? { hears: () => hears.call(store) } : {}),
    close: () => store.close(),
  }
}
