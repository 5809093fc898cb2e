import { defineProcessor } from '@longhaul/core'
import { z } from 'zod'

/** Asks another API about each contact, at the pace that it allows: far longer than a function may take. */
export const enrich = defineProcessor({
  name: 'contacts.enrich',
  input: z.object({ contacts: z.number().int().min(1).max(100_000) }),
  counters: ['found'],
  lane: () => 'enrichment',
  gate: () => ({ key: 'enrichment-api', rates: [{ limit: 20, perMs: 1_000 }] }),
  total: ({ input }) => input.contacts,
  items: ({ input, cursor, limit }) =>
    numbersAfter(cursor ?? 0, Math.min(limit, input.contacts - (cursor ?? 0))),
  async each(contact: number, { call, count }) {
    await call(() => lookUp(contact))
    count('found')
  },
  finish: ({ counters }) => ({ found: counters.found ?? 0 }),
})

/** Keys and items behind one of them, as a table would give them. */
function numbersAfter(after: number, length: number): [number, number][] {
  return Array.from({ length }, (_, index) => [after + index + 1, after + index + 1])
}

/** Where your call of the API goes. */
async function lookUp(contact: number): Promise<string> {
  return `contact ${contact}`
}
