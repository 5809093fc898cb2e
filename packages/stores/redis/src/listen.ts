import { alarmFor } from '@longhaul/core/store'
import type { RedisClient } from './client.js'
import type { Connection } from './connection.js'
import { timeLimit } from './deadline.js'
import type { Settings } from './options.js'

/** How long one read waits on the server. Then it shows that the connection is alive. */
const blockMs = 3_000

/** A read that is back so long after that is late: until it is, hints may be lost. */
const lateMs = 500

/** One that is not back after this never will be: its connection is given up. */
const graceMs = 1_000

/** A connection that owes an answer may say nothing for so long, and still be well. */
export const longestSilenceMs = blockMs + graceMs

/** A burst of writes is one hint. */
const quietMs = 5

/** The longest pause before a connection that was lost is made again. */
const longestPauseMs = 1_000

export interface Listeners {
  /** Resolves once nothing that becomes due from now on is missed. */
  add(wake: () => unknown): Promise<() => Promise<void>>
  /** Whether hints are known to arrive just now. */
  hear(): boolean
  /** Wakes all of them after so long. */
  wakeIn(ms: number): void
  stop(): Promise<void>
}

/** All listeners of a store share one blocking read on a connection of its own. It runs while there are any. */
export function listenersOn(connection: Connection, settings: Settings): Listeners {
  const listeners = new Set<{ wake(): unknown }>()
  let reading: ReturnType<typeof readWakes> | undefined
  const alarm = alarmFor(wakeAll, settings.clock)

  function wakeAll() {
    for (const listener of listeners) {
      Promise.resolve()
        .then(() => listeners.has(listener) && listener.wake())
        .catch(() => {}) // what a listener does, or throws, is not the store's business
    }
  }

  async function stopIfAlone() {
    if (listeners.size > 0) return
    const stopping = reading
    reading = undefined
    await stopping?.stop()
  }

  return {
    async add(wake) {
      const listener = { wake }
      const from = lastWake(connection)
      listeners.add(listener)
      reading ??= readWakes(connection, from, wakeAll, settings)
      await from.catch(() => {}) // the reader tries on
      return async () => {
        listeners.delete(listener)
        await stopIfAlone()
      }
    },

    hear: () => reading?.isAlive() === true,
    wakeIn: alarm,

    async stop() {
      listeners.clear()
      await stopIfAlone()
    },
  }
}

async function lastWake({ call, key }: Connection): Promise<string> {
  const newest = (await call('XREVRANGE', [key('wake'), '+', '-', 'COUNT', 1])) as [id: string][]
  return newest[0]?.[0] ?? '0'
}

function readWakes(connection: Connection, from: Promise<string>, wake: () => void, settings: Settings) {
  const { clock, random } = settings
  const stopping = new AbortController()
  const { signal } = stopping
  const pause = (ms: number) => clock.sleep(ms, { signal, background: true })
  const inTime = timeLimit(longestSilenceMs, clock)
  let client: RedisClient | undefined
  let aliveUntil = Number.NEGATIVE_INFINITY

  async function read() {
    let position = await from.catch(() => '$')
    for (let failures = 0; !signal.aborted; ) {
      try {
        client ??= blockingClient(connection)
        const newest = await inTime(readOnce(client, connection.key('wake'), position))
        aliveUntil = clock.now() + blockMs + lateMs
        failures = 0
        if (newest === undefined) continue
        position = newest
        wake()
        await pause(quietMs)
      } catch {
        giveUp()
        await pause(random() * Math.min(longestPauseMs, 50 * 2 ** failures++))
      }
    }
  }

  function giveUp() {
    aliveUntil = Number.NEGATIVE_INFINITY
    client?.disconnect()
    client = undefined
  }

  const ended = read()
  return {
    isAlive: () => clock.now() < aliveUntil,
    async stop() {
      stopping.abort()
      giveUp()
      await ended
    },
  }
}

function blockingClient({ client }: Connection): RedisClient {
  const own = client.duplicate()
  own.on('error', () => {}) // the read that fails says so itself
  return own
}

/** Waits for a wake behind `position`, and answers its position, or nothing when none came. */
async function readOnce(client: RedisClient, key: string, position: string) {
  const answer = await client.call('XREAD', ['BLOCK', blockMs, 'STREAMS', key, position])
  const streams = answer as Streams | null
  if (!streams) return undefined
  const [, entries] = isPair(streams) ? streams : streams[0]
  return entries.at(-1)?.[0]
}

type Stream = readonly [key: string, entries: readonly [id: string, ...rest: unknown[]][]]
/** A list of streams in the protocol RESP2. In RESP3 they are a map, of which clients make a flat list. */
type Streams = readonly [Stream] | Stream

function isPair(streams: Streams): streams is Stream {
  return typeof streams[0] === 'string'
}
