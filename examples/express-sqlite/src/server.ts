import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createRunner } from '@longhaul/core'
import { sqliteStore } from '@longhaul/sqlite'
import { createApp } from './app.js'
import { contactsIn } from './contacts.js'
import { openDatabase } from './database.js'
import { importContacts } from './import-contacts.js'
import type { Settings } from './settings.js'

export interface Server {
  readonly url: string
  /** Saves where jobs are, and ends. */
  stop(): Promise<void>
}

/** Opens the file, works its jobs and listens. */
export async function startServer(settings: Settings): Promise<Server> {
  const database = openDatabase(settings.file)
  const contacts = contactsIn(database)
  const processors = [importContacts(contacts, settings.callsPerSecond)]
  const runner = createRunner({ store: sqliteStore(database), processors, pollMs: 200 })
  const server = createApp(runner, contacts, settings).listen(settings.port, '127.0.0.1')
  await once(server, 'listening')
  await runner.start()

  async function stop(): Promise<void> {
    const closed = once(server, 'close')
    server.close()
    await runner.stop()
    server.closeAllConnections() // event streams stay open for minutes; their readers come again
    await closed
    await runner.close()
    database.close()
  }

  const { port } = server.address() as AddressInfo
  return { url: `http://localhost:${port}`, stop }
}
