import type { Store } from '@longhaul/core/store'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCommands } from '../src/commands/index.js'
import { inMemory } from '../src/places/memory.js'
import type { Ground } from '../src/places/place.js'
import { runOn } from '../src/run.js'
import { onPlaces } from './on-places.js'

/** Each changes one method of a store for the worse. */
const bugs: Readonly<Record<string, (store: Store) => Partial<Store>>> = {
  'forgets whom a job waits for': ({ insert }) => ({
    insert: jobs => insert(jobs.map(({ after: _, ...job }) => job)),
  }),
  'claims from any queue': ({ claim }) => ({
    claim: ({ queues: _, ...request }) => claim(request),
  }),
  'keeps no log lines': ({ commit }) => ({
    commit: writes => commit(writes.map(({ logs: _, ...write }) => write)),
  }),
  'retries with the old cursor': ({ request }) => ({
    request: (wish, filter) => request(wish.kind === 'retry' ? { kind: 'retry' } : wish, filter),
  }),
  'prunes one job more': ({ prune }) => ({
    prune: rule => prune({ ...rule, limit: rule.limit + 1 }),
  }),
  'takes a repeated change for a new one': ({ swap }) => ({
    swap: (name, change) => swap(name, { ...change, id: `${change.id} ${change.value}` }),
  }),
  'counts all jobs whatever is asked': ({ count }) => ({ count: () => count({}) }),
}

test.for(Object.entries(bugs))('a store is found out that %s', async ([, worsen]) => {
  const grounds = [inMemory(), worse(worsen)]
  const agree = fc.asyncProperty(anyCommands, async commands => {
    await onPlaces(grounds, places => runOn(places, commands))
  })
  const { failed } = await fc.check(agree, { numRuns: 200, endOnFailure: true })
  expect(failed).toBe(true)
})

test('a store that is wrong is found out by the laws, with none beside it', async () => {
  const agree = fc.asyncProperty(anyCommands, async commands => {
    await onPlaces([worse(withoutFence)], places => runOn(places, commands))
  })
  await expect(fc.assert(agree, { numRuns: 200, endOnFailure: true })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('a write is accepted from the newest token only') },
  })
})

/** Takes whatever token comes for the newest. */
function withoutFence({ commit, get }: Store): Partial<Store> {
  return {
    async commit(writes) {
      const tokens = await Promise.all(writes.map(async ({ id }) => (await get(id))?.token ?? 0))
      return commit(writes.map((write, index) => ({ ...write, token: tokens[index] ?? 0 })))
    },
  }
}

function worse(worsen: (store: Store) => Partial<Store>): Ground {
  const ground = inMemory()
  return {
    ...ground,
    async place() {
      const place = await ground.place()
      return { ...place, store: { ...place.store, ...worsen(place.store) } }
    },
  }
}
