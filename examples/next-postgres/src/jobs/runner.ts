import { createRunner } from '@longhaul/core'
import { oncePerProcess } from '@longhaul/next'
import { postgresStore } from '@longhaul/postgres'
import { refreshPrices } from './refresh-prices.js'

export const processors = [refreshPrices] as const

const { DATABASE_URL = '', DATABASE_SCHEMA = 'longhaul' } = process.env

/** One for all routes. Nothing is opened before the first call, so that a build needs no database. */
export const runner = oncePerProcess('runner', () =>
  createRunner({
    // Invocations come and go, and ask for work themselves: nobody is there to listen.
    store: postgresStore(DATABASE_URL, { schema: DATABASE_SCHEMA, listen: false, maxConnections: 5 }),
    processors,
  }),
)
