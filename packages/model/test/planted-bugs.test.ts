import type { Store } from '@longhaul/core/store'
import { expect, test } from 'vitest'
import { explore } from '../src/explore.js'
import { memorySource, type Source } from '../src/subjects/index.js'
import { flagrantBugs, quietBugs } from './bugs.js'

const exploration = { seed: 1, runs: 300, asFound: true }

test.each(Object.entries(flagrantBugs))('a store that %s is found by itself', async (_, { plant, found }) => {
  await expect(explore([brokenBy(plant)], exploration)).rejects.toThrow(found)
})

test.each(Object.entries(quietBugs))(
  'a store that %s is found beside another',
  async (_, { plant, found }) => {
    await expect(explore([memorySource(), brokenBy(plant)], exploration)).rejects.toThrow(found)
  },
)

test('a store that breaks no promise is found by nobody', async () => {
  const { runs } = await explore([memorySource(), brokenBy(() => ({}))], { ...exploration, runs: 50 })
  expect(runs).toBe(50)
})

function brokenBy(plant: (store: Store) => Partial<Store>): Source {
  const source = memorySource()
  return {
    ...source,
    async fresh() {
      const subject = await source.fresh()
      return { ...subject, store: { ...subject.store, ...plant(subject.store) } }
    },
  }
}
