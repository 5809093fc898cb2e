import { defineProcessor } from '@longhaul/core'
import { z } from 'zod'

/** Asks a shop for the price of each product, twenty times a second over all instances. */
export const refreshPrices = defineProcessor({
  name: 'refresh-prices',
  input: z.object({ products: z.number().int().min(1).max(1_000) }),
  counters: ['refreshed', 'dearer'],
  gate: () => ({ key: 'shop', spacingMs: 50 }),
  batchSize: 10,
  total: ({ input }) => input.products,
  items: ({ input, cursor, limit }) => pageOf(input.products, cursor ?? 0, limit),
  each: async (product: number, { call, count }) => {
    const { isDearer } = await call(() => askShop(product))
    count('refreshed')
    if (isDearer) count('dearer')
  },
})

function pageOf(last: number, behind: number, limit: number): [number, number][] {
  const length = Math.min(limit, last - behind)
  return Array.from({ length }, (_, index) => [behind + index + 1, behind + index + 1])
}

/** Stands in for an API on the network. */
async function askShop(product: number) {
  return { isDearer: product % 4 === 0 }
}
