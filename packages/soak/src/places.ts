import { join } from 'node:path'
import { canStart, startPostgres, startRedis } from '@longhaul/test-servers'
import Database from 'better-sqlite3'
import type { StoreName } from './stores.js'

/** Where the jobs of one soak are kept: a file, or a server of its own. */
export interface Place {
  readonly location: string
  /** Crashes the server and starts it again, with what it had made durable. */
  readonly restart?: () => Promise<void>
  /** What is wrong with what was written; `undefined` if nothing is. */
  readonly damage?: () => string | undefined
  close(): Promise<void>
}

export function canSoak(name: StoreName): boolean {
  return name === 'sqlite' || canStart(name)
}

export function openPlace(name: StoreName, folder: string): Promise<Place> {
  return places[name](folder)
}

const places: Record<StoreName, (folder: string) => Promise<Place>> = {
  async sqlite(folder) {
    const file = join(folder, 'jobs.db')
    return { location: file, damage: () => damageOf(file), async close() {} }
  },

  async postgres() {
    const server = await startPostgres()
    const restart = async () => {
      await server.stop('immediate')
      await server.start()
    }
    return { location: server.url, restart, close: () => server.close() }
  },

  async redis() {
    const server = await startRedis({ appendonly: true })
    const restart = async () => {
      await server.stop('kill')
      await server.start()
    }
    return { location: server.url, restart, close: () => server.close() }
  },
}

function damageOf(file: string): string | undefined {
  const client = new Database(file, { readonly: true })
  const found = client.pragma('integrity_check', { simple: true })
  client.close()
  return found === 'ok' ? undefined : String(found)
}
