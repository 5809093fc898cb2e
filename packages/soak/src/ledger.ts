import { openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { LedgerLine } from './evidence.js'

/** A line without what every line has. */
export type Entry = LedgerLine extends infer Line
  ? Line extends LedgerLine
    ? Omit<Line, 'at' | 'worker' | 'pid'>
    : never
  : never

export type Ledger = (entry: Entry) => void

const suffix = '.ledger.jsonl'

/** The ledger of this process. A line is written when the call returns: only then may the next thing happen. */
export function openLedger(folder: string, worker: string): Ledger {
  const file = openSync(join(folder, `${worker}${suffix}`), 'a')
  return entry => {
    writeSync(file, `${JSON.stringify({ at: Date.now(), worker, pid: process.pid, ...entry })}\n`)
  }
}

/** All lines of all workers. @throws {SyntaxError} for a line that was written in part. */
export function readLedgers(folder: string): readonly LedgerLine[] {
  const files = readdirSync(folder).filter(file => file.endsWith(suffix))
  return files.flatMap(file => {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n')
    return lines.filter(line => line !== '').map(line => JSON.parse(line) as LedgerLine)
  })
}
