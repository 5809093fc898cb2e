import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from '@longhaul/sqlite'
import { standingClock } from './standing-clock.js'
import type { Source } from './subject.js'

/** Each subject is a file in one temporary folder. */
export function sqliteSource(): Source {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-model-'))
  let files = 0
  return {
    fresh: () => onFile(join(folder, `${++files}.db`)),
    end: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function onFile(file: string) {
  const { clock, setNow } = standingClock()
  const store = sqliteStore(file, { clock, synchronous: 'normal' })
  await store.open()
  return { store, setNow, close: store.close }
}
