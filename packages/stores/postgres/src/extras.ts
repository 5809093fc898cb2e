import { type FollowUp, type ItemRecord, type LogLine, toStorable, type Write } from '@longhaul/core/store'
import { insertSql } from './new-row.js'
import { type Columns, type Recordset, recordset } from './recordset.js'
import { kept, newColumns } from './rows.js'

/** What is stored with the writes that are taken, as steps of their statement: it calls them `patched`. */
export function extrasOf(writes: readonly Write[]): Recordset[] {
  return [followUps(writes), itemRecords(writes), logLines(writes)].filter(extra => extra !== undefined)
}

/** With the place of the write that it belongs to. */
interface Of<Extra> {
  readonly write: number
  readonly extra: Extra
}

/** Most writes have none: nothing is made for those. */
function ofEach<Extra>(
  writes: readonly Write[],
  extrasOf: (write: Write) => Iterable<Extra> | undefined,
): Of<Extra>[] {
  const found: Of<Extra>[] = []
  for (const [index, write] of writes.entries()) {
    const extras = extrasOf(write)
    if (extras) for (const extra of extras) found.push({ write: index + 1, extra })
  }
  return found
}

const write = { type: 'bigint', of: ({ write }: Of<unknown>) => write }

function followUps(writes: readonly Write[]): Recordset | undefined {
  const rows = ofEach(writes, ({ follow }) => follow)
  if (rows.length === 0) return
  const { sql, values } = recordset('follow', { write, ...followColumns }, rows)
  const taken = `(select follow.*, now from (${sql}) as follow, clock
    where write in (select place from patched)) as taken`
  return { sql: `followed as (${insertSql(taken, 'order by place')})`, values }
}

const followColumns: Columns<Of<FollowUp>> = Object.fromEntries(
  Object.entries(newColumns).map(([name, { type, of }]) => [name, { type, of: ({ extra }) => of(extra) }]),
)

function itemRecords(writes: readonly Write[]): Recordset | undefined {
  const rows = ofEach(writes, ({ items }) => items && new Map(items.map(item => [item.key, item])).values())
  if (rows.length === 0) return
  const { sql, values } = recordset('item', { write, ...itemColumns }, rows)
  const insert = `
    insert into {items} (job, key, outcome, value, error)
    select seq, item.key, outcome, value, item.error
    from (${sql}) as item join patched on patched.place = item.write order by item.place
    on conflict (job, key) do update set outcome = excluded.outcome, value = excluded.value, error = excluded.error`
  return { sql: `recorded as (${insert})`, values }
}

const itemColumns: Columns<Of<ItemRecord>> = {
  key: { type: 'text', of: ({ extra }) => toStorable(extra.key) },
  outcome: { type: 'text', of: ({ extra }) => extra.outcome },
  value: { type: 'text', of: ({ extra }) => kept(extra.value) },
  error: { type: 'text', of: ({ extra }) => kept(extra.error) },
}

function logLines(writes: readonly Write[]): Recordset | undefined {
  const rows = ofEach(writes, ({ logs }) => logs)
  if (rows.length === 0) return
  const { sql, values } = recordset('log', { write, ...logColumns }, rows)
  const insert = `
    insert into {logs} (job, at, level, message)
    select seq, now, level, message
    from (${sql}) as line join patched on patched.place = line.write, clock order by line.place`
  return { sql: `logged as (${insert})`, values }
}

const logColumns: Columns<Of<LogLine>> = {
  level: { type: 'text', of: ({ extra }) => extra.level },
  message: { type: 'text', of: ({ extra }) => toStorable(extra.message) },
}
