import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { BackendPool } from './backends.js'
import { Session } from './session.js'

export interface TransactionPooler {
  /** As the server's, without a password: everyone is let in. */
  readonly url: string
  /** Ends every connection, to both sides. */
  close(): Promise<void>
}

export interface PoolerOptions {
  /**
   * The most connections to the server. With one or two, a client may get the same one again.
   *
   * @defaultValue 8
   */
  readonly backends?: number
}

/**
 * Stands before a Postgres like a pooler in transaction mode: each transaction of a client, a lone statement being
 * one, runs on another connection than the one before. Whatever is tied to a session is lost on the way, or met
 * by another client: `SET`, named prepared statements, `LISTEN`, advisory locks of the session, temporary tables.
 *
 * It knows no encryption and no cancelling of queries.
 *
 * @throws when the server can't be reached.
 */
export async function transactionPooler(
  postgresUrl: string,
  { backends = 8 }: PoolerOptions = {},
): Promise<TransactionPooler> {
  const pool = new BackendPool(postgresUrl, backends)
  pool.giveBack(await pool.borrow())
  const clients = new Set<Socket>()
  const server = createServer({ noDelay: true }, client => {
    clients.add(client.once('close', () => clients.delete(client)))
    new Session(client, pool)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')

  return {
    url: urlThrough(postgresUrl, (server.address() as AddressInfo).port),
    async close() {
      const closed = once(server.close(), 'close')
      for (const client of clients) client.destroy()
      pool.close()
      await closed
    },
  }
}

function urlThrough(postgresUrl: string, port: number): string {
  return Object.assign(new URL(postgresUrl), { host: `127.0.0.1:${port}`, password: '', search: '' }).href
}
