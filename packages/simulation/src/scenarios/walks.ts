import { defineProcessor } from '@longhaul/core'
import * as z from 'zod/mini'
import { defineScenario, type ExpectedJob, type Hands } from './scenario.js'

/** Walks the numbers from 1 to its input, two at a time. */
export function walk(hands: Hands, itemMs: number) {
  return defineProcessor({
    name: 'walk',
    input: z.number(),
    maxCrashes: 1_000,
    batchSize: 2,
    items: ({ input, cursor, limit }) => numbersBehind(cursor ?? 0, input, limit),
    async each(item, context) {
      if (!(await hands.spend(itemMs, context.signal))) return
      await hands.act(context, item)
    },
  })
}

export function walked(count: number): ExpectedJob {
  const acts = numbersBehind(0, count, count).map(([number]) => number)
  return { state: 'completed', acts, batchSize: 2, counts: { done: count, failed: 0 } }
}

function numbersBehind(behind: number, last: number, limit: number): (readonly [number, number])[] {
  const count = Math.max(0, Math.min(limit, last - behind))
  return Array.from({ length: count }, (_, index) => [behind + index + 1, behind + index + 1] as const)
}

export const severalBatches = defineScenario({
  name: 'a walk of several batches',
  processors: hands => [walk(hands, 400)],
  script: client => client.enqueue('walk', 6, { key: 'walk' }),
  expects: { jobs: { walk: walked(6) } },
})

export const handOver = defineScenario({
  name: 'a walk handed over when the budget ends',
  processors: hands => [walk(hands, 400)],
  passMs: 1_000,
  script: client => client.enqueue('walk', 4, { key: 'walk' }),
  expects: { jobs: { walk: walked(4) } },
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
      items: ({ cursor, limit }) => numbersBehind(cursor ?? 0, 6, limit),
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
        acts: [1, 2, 3, 4, 5, 6, 'found 2'],
        batchSize: 3,
        counts: { done: 6, failed: 2 },
      },
    },
  },
})
