import { setTimeout as sleep } from 'node:timers/promises'
import { defineProcessor, type ItemContext, type Keyed } from '@longhaul/core'
import * as z from 'zod/mini'
import type { Ledger } from './ledger.js'

/** The most that a batch of any of them holds. */
export const batchSize = 4

const input = z.object({ items: z.int() })

type Input = z.infer<typeof input>

/** Far more crashes than usual: here they are what a job has to live with. */
const policies = {
  retry: { attempts: 10, backoff: { type: 'fixed', delayMs: 50 } },
  maxCrashes: 50,
  batchSize,
} as const

/** Cursor jobs over the numbers from 1 to `items`. Each effect is a line in the ledger. */
export function soakProcessors(ledger: Ledger) {
  const effectAfter =
    (ms: number) =>
    async (item: number, { jobId, token }: ItemContext<Input>) => {
      await sleep(ms + (item % 7))
      ledger({ type: 'effect', job: jobId, item, token })
    }
  const effect = effectAfter(2)

  const walk = defineProcessor({ name: 'soak.walk', input, items: numbers, each: effect, ...policies })
  // Lasts as long as a lease: who comes back from a pause still finds the next owner at work.
  const slow = defineProcessor({
    ...policies,
    name: 'soak.slow',
    input,
    items: numbers,
    each: effectAfter(100),
  })
  const wide = defineProcessor({
    ...policies,
    name: 'soak.wide',
    input,
    items: numbers,
    each: effect,
    concurrency: 2,
  })
  const shaky = defineProcessor({
    ...policies,
    name: 'soak.shaky',
    input,
    items: numbers,
    batchSize: 2,
    async each(item, context) {
      if (item % 5 === 3 && context.attempt === 1) throw new Error(`Item ${item} fails at the first attempt`)
      await effect(item, context)
    },
  })
  return { walk, slow, wide, shaky }
}

/** A keyset page. */
function numbers({ input, cursor, limit }: { input: Input; cursor: number | null; limit: number }) {
  const first = (cursor ?? 0) + 1
  const count = Math.max(0, Math.min(limit, input.items - first + 1))
  return Array.from({ length: count }, (_, index): Keyed<number> => [first + index, first + index])
}
