import Database from 'better-sqlite3'

const tables = `
  create table if not exists contacts (id integer primary key, name text not null, email text not null);
  create table if not exists imported (contact integer primary key, calls integer not null)`

export interface Contact {
  readonly id: number
  readonly name: string
  readonly email: string
}

/** Opens the app's file; a new one gets 200 contacts, of which three can't be imported as they are. */
export function openDatabase(file: string): Database.Database {
  const database = new Database(file)
  database.pragma('journal_mode = wal')
  database.exec(tables)
  if (database.prepare('select count(*) from contacts').pluck().get() === 0) fill(database)
  return database
}

function fill(database: Database.Database): void {
  const insert = database.prepare('insert into contacts (name, email) values (?, ?)')
  const fillAll = database.transaction(() => {
    for (let id = 1; id <= 200; id++) insert.run(`Contact ${id}`, emailOf(id))
  })
  fillAll()
}

const misspelt = new Set([23, 90, 171])

function emailOf(id: number): string {
  return misspelt.has(id) ? `contact${id} at example.org` : `contact${id}@example.org`
}
