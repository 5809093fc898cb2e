import type { Store, Write } from '@longhaul/core/store'

/** A store that looks at no token: it takes every write for that of the newest holder. It proves that the audit sees this. */
export function forgetfulStore(store: Store): Store {
  let writes = 0

  async function asNewest(write: Write): Promise<Write> {
    const job = await store.get(write.id)
    return { ...write, token: job?.token ?? write.token, seq: 1_000 + ++writes }
  }

  return {
    ...store,
    async commit(writes, via) {
      return store.commit(await Promise.all(writes.map(asNewest)), via)
    },
  }
}
