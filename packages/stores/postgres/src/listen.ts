import type { Clock, Random } from '@longhaul/core/store'
import type { PostgresClient, PostgresNotification } from './client.js'
import { deadlineIn } from './deadline.js'

export interface Listeners {
  /** Answers with what takes `wake` away again. */
  add(wake: () => unknown): () => Promise<void>
  /** Whether the connection is known to listen just now. */
  hear(): boolean
  wakeAll(): void
  stop(): Promise<void>
}

export interface ListenOptions {
  readonly channel: string
  /** Notifications that carry it are the store's own: its listeners were woken without them. */
  readonly origin: string
  readonly clock: Clock
  readonly random: Random
  readonly heartbeatMs: number
  readonly timeoutMs: number
}

const longestPauseMs = 3_000
/** A heartbeat whose answer is later: until it comes, hints may be lost. */
const lateMs = 1_000

/** Keeps one connection that listens, for as long as anybody does. */
export function listenersOn(connect: () => Promise<PostgresClient>, options: ListenOptions): Listeners {
  const wakes = new Set<{ readonly wake: () => unknown }>()
  let watch: Watch | undefined

  /** What a listener does, or throws, is not the store's business. */
  function wakeAll() {
    for (const { wake } of wakes) {
      Promise.resolve()
        .then(wake)
        .catch(() => {})
    }
  }

  async function stop() {
    const stopping = watch
    watch = undefined
    await stopping?.stop()
  }

  return {
    wakeAll,
    hear: () => watch?.isAlive() === true,
    stop() {
      wakes.clear()
      return stop()
    },
    add(wake) {
      const entry = { wake }
      wakes.add(entry)
      watch ??= watchWith(connect, wakeAll, options)
      return async () => {
        wakes.delete(entry)
        if (wakes.size === 0) await stop()
      }
    },
  }
}

interface Watch {
  isAlive(): boolean
  stop(): Promise<void>
}

/** Listens, and begins again whenever the connection is lost: after a pause that doubles while that fails. */
function watchWith(connect: () => Promise<PostgresClient>, wake: () => void, options: ListenOptions): Watch {
  const { clock, random } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const alive = { until: Number.NEGATIVE_INFINITY }
  const stopped = watch()

  async function watch() {
    let pauseMs = 100
    while (!signal.aborted) {
      const client = await connected()
      const heard = client !== undefined && (await listenOn(client, wake, options, alive, signal))
      pauseMs = heard ? 100 : Math.min(2 * pauseMs, longestPauseMs)
      await clock.sleep(pauseMs * (0.5 + random()), { background: true, unref: true, signal })
    }
  }

  /** A server that is away holds nobody up who stops. */
  async function connected(): Promise<PostgresClient | undefined> {
    const connecting = connect().catch(() => undefined)
    const client = await unlessAborted(connecting, signal)
    if (!signal.aborted) return client
    void connecting.then(late => late?.release(true))
    return undefined
  }

  return {
    isAlive: () => clock.now() < alive.until,
    async stop() {
      stopping.abort()
      await stopped
    },
  }
}

/** What `work` resolves to, or nothing as soon as the signal aborts. It leaves nothing on the signal. */
function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result | undefined> {
  return new Promise(resolve => {
    const abort = () => resolve(undefined)
    signal.addEventListener('abort', abort, { once: true })
    void work.then(result => {
      signal.removeEventListener('abort', abort)
      resolve(result)
    })
  })
}

/** Until the connection is lost, or found to be dead or deaf. Answers whether it ever heard anything. */
async function listenOn(
  client: PostgresClient,
  wake: () => void,
  { channel, origin, clock, heartbeatMs, timeoutMs }: ListenOptions,
  alive: { until: number },
  stopping: AbortSignal,
): Promise<boolean> {
  const ended = new AbortController()
  const over = AbortSignal.any([ended.signal, stopping])
  const end = () => ended.abort()
  over.addEventListener('abort', () => client.release(true), { once: true })
  client.on('error', end)
  client.on('end', end)
  client.on('notification', message => void (isForUs(message, channel, origin) && wake()))

  let heard = false
  try {
    while (!over.aborted) {
      if (!(await isListening(client, channel, timeoutMs, clock))) {
        await ask(client, `listen ${channel}`, timeoutMs, clock)
        wake() // for what came while nobody listened
      }
      heard = true
      alive.until = clock.now() + heartbeatMs + lateMs
      await clock.sleep(heartbeatMs, { background: true, unref: true, signal: over })
    }
  } catch {
    // a connection that gives no answer is replaced
  } finally {
    alive.until = Number.NEGATIVE_INFINITY
    end()
  }
  return heard
}

function isForUs({ channel, payload }: PostgresNotification, ours: string, origin: string): boolean {
  return channel === ours && payload !== origin
}

/** A server may have lost the registration without the connection showing it. */
async function isListening(client: PostgresClient, channel: string, timeoutMs: number, clock: Clock) {
  const rows = await ask(client, 'select pg_listening_channels() as channel', timeoutMs, clock)
  return rows.some(row => (row as { channel: string }).channel === channel)
}

async function ask(client: PostgresClient, text: string, timeoutMs: number, clock: Clock) {
  const deadline = deadlineIn(timeoutMs, clock)
  try {
    return (await deadline.hold(client.query(text))).rows
  } finally {
    deadline.clear()
  }
}
