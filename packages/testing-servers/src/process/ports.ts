import { once } from 'node:events'
import { createServer } from 'node:net'

const first = 15_000
const count = 7_000

/** How far above its port a node of a Redis Cluster talks to the others. */
const busOffset = 10_000

/**
 * A loopback port that nothing listens on, with the one for a cluster's bus.
 *
 * Both are below the ports that systems hand to outgoing connections, so that no client can sit on one while its
 * server is down.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + Math.floor(Math.random() * count)
    if ((await isFree(port)) && (await isFree(port + busOffset))) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
