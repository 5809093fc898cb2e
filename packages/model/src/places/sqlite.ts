import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fakeClock } from '@longhaul/core/testing'
import { sqliteStore } from '@longhaul/sqlite'
import { startMs } from '../time.js'
import type { Ground, Place } from './place.js'

/** A file for each place, all in one folder. */
export function inSqlite(): Ground {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-model-'))
  let files = 0
  return {
    place: () => aPlace(join(folder, `${++files}.db`)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Only a power cut could tell `normal` from `full`. */
async function aPlace(file: string): Promise<Place> {
  const clock = fakeClock(startMs)
  const store = sqliteStore(file, { clock, synchronous: 'normal' })
  await store.open()
  return {
    store,
    setClock: now => clock.standStill(now - clock.now()),
    remove: () => store.close(),
  }
}
