import { memoryStore } from '@longhaul/core'
import type { Store } from '@longhaul/core/store'
import { fakeClock } from '@longhaul/core/testing'
import { expect, test } from 'vitest'
import { storeConformance } from '../src/index.js'
import { everyPromise } from '../src/topics/index.js'
import { bugs } from './bugs.js'

for (const [bug, { promise, plant }] of Object.entries(bugs)) {
  test(`the suite finds a store that ${bug}`, async () => {
    await proofOf(promise, () => ({}))()
    await expect(proofOf(promise, plant)()).rejects.toMatchObject({ code: 'ERR_ASSERTION' })
  })
}

test('the model finds a store that forgets a pause when the job is given back', async () => {
  const promise = 'agrees with a small model of itself, whatever is called in whatever order'
  const forgetful = (store: Store): Partial<Store> => ({
    async commit(writes) {
      await store.request({ kind: 'resume' }, { ids: writes.map(({ id }) => id), states: ['running'] })
      return store.commit(writes)
    },
  })
  await expect(proofOf(promise, forgetful)()).rejects.toThrow('Property failed')
})

test('no two promises have the same name, so that a skip names one', () => {
  const names = everyPromise.map(({ name }) => name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

/** The proof of a promise, on a memory store with a bug. */
function proofOf(promise: string, plant: (store: Store) => Partial<Store>): () => Promise<void> {
  const proofs = new Map<string, () => Promise<void>>()
  storeConformance({
    test: (name, body) => proofs.set(name.slice(name.indexOf(': ') + 2), body),
    setup() {
      const clock = fakeClock()
      const store = memoryStore({ clock })
      return { store: { ...store, ...plant(store) }, advance: clock.advance }
    },
  })
  const proof = proofs.get(promise)
  if (!proof) throw new Error(`No promise is called "${promise}".`)
  return proof
}
