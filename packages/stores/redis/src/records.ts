import {
  type ItemRecord,
  type Page,
  type RecordPage,
  type StoredLogLine,
  toStorable,
} from '@longhaul/core/store'
import type { Connection } from './connection.js'
import { unframe } from './frames.js'
import { recordScripts } from './scripts/records.js'

/** `next` is a count, for a record never leaves its place. */
export async function jobRecords(
  { run }: Connection,
  jobId: string,
  kind: 'items' | 'logs',
  { limit, after = '0' }: Page,
): Promise<RecordPage<ItemRecord | StoredLogLine>> {
  const args = [toStorable(jobId), Number(after), limit]
  const [records, last] = (await run(recordScripts[kind], args)) as [string[], number]
  const end = Number(after) + records.length
  return {
    records: records.map(record => show[kind](record)),
    next: records.length > 0 && end < last ? String(end) : null,
  }
}

const show = {
  items(record: string): ItemRecord {
    const [key, json] = unframe(record)
    const [outcome, value, error] = JSON.parse(json)
    return { key, outcome, value, error }
  },
  logs(record: string): StoredLogLine {
    const space = record.indexOf(' ')
    const [level, message] = JSON.parse(record.slice(space + 1))
    return { at: Number(record.slice(0, space)), level, message }
  },
} as const
