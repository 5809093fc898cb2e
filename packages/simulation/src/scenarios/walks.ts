import { defineProcessor } from '@longhaul/core'
import * as z from 'zod/mini'
import { defineScenario, type Hands } from './scenario.js'

export const itemCount = 6

/** Walks the numbers from 1, two at a time. */
export function walk(hands: Hands, itemMs = 0) {
  return defineProcessor({
    name: 'walk',
    input: z.null(),
    maxCrashes: 1_000,
    batchSize: 2,
    items: ({ cursor, limit }) => numbersBehind(cursor ?? 0, limit),
    async each(item, context) {
      await hands.spend(itemMs, context.signal)
      await hands.act(context, item)
    },
  })
}

export function numbersBehind(last: number, limit: number): (readonly [number, number])[] {
  const count = Math.max(0, Math.min(limit, itemCount - last))
  return Array.from({ length: count }, (_, index) => [last + index + 1, last + index + 1] as const)
}

const items = Array.from({ length: itemCount }, (_, index) => index + 1)

export const walked = {
  state: 'completed',
  acts: items,
  batchSize: 2,
  counts: { done: itemCount, failed: 0 },
} as const

export const severalBatches = defineScenario({
  name: 'a walk of several batches',
  processors: hands => [walk(hands)],
  script: client => client.enqueue('walk', null, { key: 'walk' }),
  expects: { jobs: { walk: walked } },
})

export const handOver = defineScenario({
  name: 'a walk handed over when the budget ends',
  processors: hands => [walk(hands, 300)],
  passMs: 1_000,
  script: client => client.enqueue('walk', null, { key: 'walk' }),
  expects: { jobs: { walk: walked } },
})

/** Two at a time; the second fails, and so does the fifth. */
export const tolerated = defineScenario({
  name: 'items side by side, some of which fail',
  processors: hands => [
    defineProcessor({
      name: 'tolerant',
      input: z.null(),
      maxCrashes: 1_000,
      batchSize: 3,
      concurrency: 2,
      onItemError: { tolerate: { count: 2 } },
      items: ({ cursor, limit }) => numbersBehind(cursor ?? 0, limit),
      async each(item, context) {
        await hands.spend(50 * item)
        await hands.act(context, item)
        if (item % 3 === 2) throw new Error('This one can not be done.')
      },
      finish: async context => {
        let failed = 0
        for await (const record of context.records()) failed += record.outcome === 'failed' ? 1 : 0
        await hands.act(context, `found ${failed}`)
      },
    }),
  ],
  script: client => client.enqueue('tolerant', null, { key: 'tolerant' }),
  expects: {
    jobs: {
      tolerant: {
        state: 'completed_with_errors',
        acts: [...items, 'found 2'],
        batchSize: 3,
        counts: { done: itemCount, failed: 2 },
      },
    },
  },
})
