import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { freePort } from '../process/ports.js'
import { connectThrough, type ProxiedConnection } from './connection.js'
import type { Faults, Way } from './faults.js'

/** Faults laid on the proxy itself are those of every open connection and of every one to come. */
export interface FaultProxy {
  /** The target's, through the proxy. */
  readonly url: string
  readonly port: number
  /** Those that are open, the oldest first, to harm only one. */
  readonly connections: readonly ProxiedConnection[]
  /** Lays `faults` on one way, or on both, in place of those that were there. */
  apply(faults: Faults, way?: Way): void
  /** Resets every open connection. */
  reset(): void
  /** Makes every open connection a half-open one: see `ProxiedConnection`. */
  halfOpen(gone: 'client' | 'server'): void
  /** No one listens any more; what is open stays so. */
  refuse(): void
  /**
   * Calls `then` behind each message to the server that holds `text` and was sent in one piece: it has been sent on,
   * and nothing that the server says to it has arrived. The answer ends that.
   */
  behind(text: string, then: (connection: ProxiedConnection) => void): () => void
  /** Takes all faults away, and listens again. */
  heal(): Promise<void>
  close(): Promise<void>
}

export interface FaultProxyOptions {
  /** From 0 to 1, for the jitter. @defaultValue Math.random */
  readonly random?: () => number
}

/** Stands before the server at `targetUrl`, at first without any fault. */
export async function faultProxy(
  targetUrl: string,
  { random = Math.random }: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const target = new URL(targetUrl)
  const address = { host: target.hostname, port: Number(target.port) }
  const connections = new Set<ProxiedConnection>()
  const watchers = new Set<(bytes: Buffer, connection: ProxiedConnection) => void>()
  let laid: Partial<Record<Way, Faults>> = {}

  const accept = () =>
    createServer({ allowHalfOpen: true, noDelay: true }, client => {
      const connection = connectThrough(client, address, {
        random,
        asked(bytes) {
          for (const watcher of watchers) watcher(bytes, connection)
        },
        closed: () => connections.delete(connection),
      })
      for (const way of ['up', 'down'] as const) connection.apply(laid[way] ?? {}, way)
      connections.add(connection)
    })

  const port = await freePort()
  let server = await listening(accept(), port)

  const proxy: FaultProxy = {
    url: Object.assign(new URL(targetUrl), { host: `127.0.0.1:${port}` }).href,
    port,
    get connections() {
      return [...connections]
    },
    apply(faults, way) {
      laid = way ? { ...laid, [way]: faults } : { up: faults, down: faults }
      for (const connection of connections) connection.apply(faults, way)
    },
    reset() {
      for (const connection of connections) connection.reset()
    },
    halfOpen(gone) {
      for (const connection of connections) connection.halfOpen(gone)
    },
    refuse: () => void server.close(),
    behind(text, then) {
      const watcher = (bytes: Buffer, connection: ProxiedConnection) =>
        void (bytes.includes(text) && then(connection))
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    async heal() {
      laid = {}
      for (const connection of connections) connection.heal()
      if (!server.listening) server = await listening(accept(), port)
    },
    async close() {
      const closed = server.listening ? once(server.close(), 'close') : undefined
      proxy.reset()
      await closed
    },
  }
  return proxy
}

async function listening(server: Server, port: number): Promise<Server> {
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return server
}
