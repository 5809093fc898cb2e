import { alarmFor } from '@longhaul/core/store'
import type { PostgresClient, PostgresPool } from './client.js'
import type { Connection } from './connection.js'
import { openPool } from './driver.js'
import { type Hints, hintsBy } from './hints.js'
import { listenersOn } from './listen.js'
import type { Settings } from './options.js'

export interface WakeUps extends Pick<Hints, 'send' | 'sendLater'> {
  listen(wake: () => unknown): () => Promise<void>
  /** Whether those who listen are woken for all that becomes due. */
  hear(): boolean
  /** Wakes them when the next job is due, which is never for `null`, and not known for `undefined`. */
  wakeIn(ms: number | null | undefined): void
  stop(): Promise<void>
}

/** Wakes the listeners of this store at once, and those of every other one by NOTIFY. */
export function wakeUpsOn(connection: Connection, settings: Settings, origin: string): WakeUps {
  const { clock, notifyEveryMs } = settings
  const { channel } = connection.names
  const direct = typeof settings.listen === 'string' ? poolOf(settings.listen, settings.timeoutMs) : undefined
  const listeners = listenersOn(direct?.checkOut ?? connection.checkOut, { ...settings, channel, origin })
  const notify = () =>
    connection.run(sql => sql.all('select pg_notify(@channel, @origin)', { channel, origin }))
  const hints = notifyEveryMs === false ? undefined : hintsBy(notify, listeners.wakeAll, notifyEveryMs, clock)
  const alarm = alarmFor(listeners.wakeAll, clock)
  let knowsNext = false

  return {
    send() {
      listeners.wakeAll()
      hints?.send()
    },
    sendLater: () => hints?.sendLater(),
    listen: listeners.add,
    hear: () => hints !== undefined && knowsNext && listeners.hear(),
    wakeIn(ms) {
      knowsNext = ms !== undefined
      if (typeof ms === 'number') alarm(ms)
    },
    async stop() {
      await Promise.all([listeners.stop(), hints?.stop()])
      await direct?.end()
    },
  }
}

/** A pool of one connection, made when it is first needed. */
function poolOf(url: string, timeoutMs: number) {
  let opening: Promise<PostgresPool> | undefined
  const opened = async () => {
    const pool = await openPool(url, 1, timeoutMs)
    pool.on('error', () => {})
    return pool
  }
  return {
    checkOut: async (): Promise<PostgresClient> => {
      opening ??= opened()
      return (await opening).connect()
    },
    end: async () => void (await (await opening)?.end()),
  }
}
