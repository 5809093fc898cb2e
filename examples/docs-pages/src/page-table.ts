import type { Database } from 'better-sqlite3'
import type { Page } from './page.js'

export interface Totals {
  readonly pages: number
  readonly bytes: number
  readonly links: number
}

/** The app's own table: one row for each page, however often the page is read. */
export function pageTable(database: Database) {
  database.exec(createSql)
  const put = database.prepare(putSql)
  const totals = database.prepare(totalsSql)
  const titles = database.prepare(titlesSql).raw()

  return {
    put: (path: string, page: Page) => void put.run({ path, ...page }),
    totals: () => totals.get() as Totals,
    /** Each path with its title. */
    titles: () => titles.all() as [path: string, title: string][],
  }
}

export type PageTable = ReturnType<typeof pageTable>

const createSql = `
  create table if not exists pages (
    path text primary key,
    title text not null,
    bytes integer not null,
    links integer not null
  ) without rowid`

const putSql = `
  insert into pages (path, title, bytes, links) values (@path, @title, @bytes, @links)
  on conflict (path) do update set title = excluded.title, bytes = excluded.bytes, links = excluded.links`

const totalsSql =
  'select count(*) as pages, ifnull(sum(bytes), 0) as bytes, ifnull(sum(links), 0) as links from pages'

const titlesSql = 'select path, title from pages'
