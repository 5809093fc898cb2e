import type { Database } from 'better-sqlite3'
import type { Contact } from './database.js'

/** The app's own data. */
export function contactsIn(database: Database) {
  const count = database.prepare('select count(*) from contacts').pluck()
  const behind = database.prepare('select id from contacts where id > ? order by id limit ?').pluck()
  const get = database.prepare('select * from contacts where id = ?')
  const correct = database.prepare('update contacts set email = ? where id = ?')
  const imported = database.prepare(
    'insert into imported values (?, 1) on conflict (contact) do update set calls = calls + 1',
  )
  const totals = database.prepare('select count(*) as contacts, total(calls) as calls from imported')

  return {
    count: () => count.get() as number,
    /** The ids behind one, in order: a page of a keyset. */
    behind: (id: number, limit: number) => behind.all(id, limit) as number[],
    get: (id: number) => get.get(id) as Contact | undefined,
    correct: (id: number, email: string) => correct.run(email, id).changes === 1,
    /** Marks one as imported, and counts how often the address book was told of it. */
    markImported: (id: number) => void imported.run(id),
    imported: () => totals.get() as { readonly contacts: number; readonly calls: number },
  }
}

export type Contacts = ReturnType<typeof contactsIn>
