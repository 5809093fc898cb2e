import type { RedisClient } from './client.js'
import { type Connection, connectionOn } from './connection.js'
import { openUrl } from './driver.js'
import type { Settings } from './options.js'
import { checkSchema, refuseUnsafe } from './safety.js'

/** @param source A client of the caller's, or a URL to connect to. */
export async function connect(source: string | RedisClient, settings: Settings): Promise<Connection> {
  const isOurs = typeof source === 'string'
  const client = isOurs ? await openUrl(source, settings) : source
  const connection = connectionOn(client, settings, () => void (isOurs && client.disconnect()))
  try {
    if (!settings.allowUnsafeServer) await refuseUnsafe(connection)
    await checkSchema(connection)
    return connection
  } catch (error) {
    connection.release()
    throw error
  }
}
