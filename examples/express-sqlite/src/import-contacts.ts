import { defineProcessor, Skip } from '@longhaul/core'
import { z } from 'zod'
import type { Contacts } from './contacts.js'
import type { Contact } from './database.js'

/** Walks the app's contacts and tells an address book of each, no faster than that allows. */
export function importContacts(contacts: Contacts, callsPerSecond: number) {
  return defineProcessor({
    name: 'import-contacts',
    input: z.object({ from: z.number().int().min(0).default(0) }),
    counters: ['imported'],
    lane: () => 'import', // one import at a time, over all processes on the file
    gate: () => ({ key: 'address-book', rates: [{ limit: callsPerSecond, perMs: 1_000 }] }),
    batchSize: 10,
    onItemError: { tolerate: { ratio: 0.1 } },
    total: contacts.count,
    items: ({ input, cursor, limit }) => contacts.behind(cursor ?? input.from, limit).map(id => [id, id]),
    // The item is an id, so that a retry meets the contact as it has been corrected since.
    each: async (id: number, { call, count }) => {
      const contact = contacts.get(id)
      if (!contact) throw new Skip('is gone')
      await call(() => addressBook(contact))
      contacts.markImported(id)
      count('imported')
    },
    finish: ({ counters }) => ({ imported: counters.imported ?? 0 }),
  })
}

/** Stands in for an API on the network. */
async function addressBook({ email }: Contact): Promise<void> {
  if (!email.includes('@')) throw new Error(`"${email}" is no address`)
}
