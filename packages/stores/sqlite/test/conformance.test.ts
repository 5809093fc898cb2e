import { storeConformance } from '@longhaul/conformance'
import { fakeClock } from '@longhaul/core/testing'
import { sqliteStore } from '@longhaul/sqlite'
import Database from 'better-sqlite3'
import { describe, test, vi } from 'vitest'
import { temporaryFile } from './support.js'

vi.setConfig({ testTimeout: 60_000 })

describe('on a file', () => {
  storeConformance({ test, describe, can: ['share', 'listen'], setup: onFile })
})

describe('on a client of the app', () => {
  storeConformance({ test, describe, can: ['share', 'listen', 'transactions'], setup: onClient })
})

/** Only a power cut could tell the difference, and the suite is many times faster. */
const synchronous = 'normal'

function onFile() {
  const { file, remove } = temporaryFile()
  const clock = fakeClock()
  const another = () => sqliteStore(file, { clock, synchronous })
  return { store: another(), another, advance: clock.advance, cleanup: remove }
}

function onClient() {
  const { file, remove } = temporaryFile()
  const clock = fakeClock()
  const client = new Database(file)
  client.defaultSafeIntegers()

  return {
    store: sqliteStore(client, { clock, synchronous }),
    another: () => sqliteStore(file, { clock, synchronous }),
    advance: clock.advance,
    transaction: () => begin(client),
    cleanup() {
      client.close()
      remove()
    },
  }
}

function begin(client: Database.Database) {
  client.exec('begin immediate')
  return {
    via: client,
    commit: () => void client.exec('commit'),
    rollback: () => void client.exec('rollback'),
  }
}
