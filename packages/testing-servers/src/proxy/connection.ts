import { connect, type Socket } from 'node:net'
import type { Faults, Way } from './faults.js'
import { Pipe } from './pipe.js'

/** One client's connection through the proxy. */
export interface ProxiedConnection {
  /** Lays `faults` on one way, or on both, in place of those that were there. */
  apply(faults: Faults, way?: Way): void
  /** Takes all faults away. A half-open connection stays one until its survivor speaks, and is then reset. */
  heal(): void
  /** Resets both ends, now. */
  reset(): void
  /** `gone` drops out, and the other end isn't told: it may speak, and hears nothing. */
  halfOpen(gone: 'client' | 'server'): void
}

export interface ConnectionOptions {
  readonly random: () => number
  /** Called with what has just been sent on to the server. */
  asked(bytes: Buffer): void
  /** Called once both ends are. */
  closed(): void
}

export function connectThrough(
  client: Socket,
  target: { host: string; port: number },
  { random, asked, closed }: ConnectionOptions,
): ProxiedConnection {
  const server = connect({ ...target, allowHalfOpen: true, noDelay: true })
  const up = new Pipe(client, server, random, asked)
  const down = new Pipe(server, client, random)
  client.on('error', () => {})
  server.on('error', () => {})
  for (const end of [client, server]) end.once('close', () => client.closed && server.closed && closed())
  let survivor: Socket | undefined

  return {
    apply(faults, way) {
      if (way !== 'down') up.apply(faults)
      if (way !== 'up') down.apply(faults)
    },
    heal() {
      up.apply({})
      down.apply({})
      survivor?.once('data', () => survivor?.resetAndDestroy())
    },
    reset() {
      client.resetAndDestroy()
      server.resetAndDestroy()
    },
    halfOpen(gone) {
      up.close()
      down.close()
      survivor = gone === 'server' ? client : server
      ;(gone === 'server' ? server : client).resetAndDestroy()
    },
  }
}
