import type { Clock, Random } from '@longhaul/core'
import { events } from './events.js'
import { errorOf, RequestError, retryAfterMsOf } from './request-error.js'
import type { Transport } from './transport.js'

export interface WatchOptions {
  readonly signal?: AbortSignal
  /** `polling` where streams do not get through; `events` falls back to it by itself. @defaultValue 'events' */
  readonly by?: 'events' | 'polling'
}

interface Watched<View> {
  /** `/jobs/<id>` or `/groups/<id>`; its events are below it. */
  readonly path: string
  isOver(view: View): boolean
}

interface WatchDeps {
  readonly transport: Transport
  readonly clock: Pick<Clock, 'sleep'>
  readonly random: Random
}

const againMs = 1_000
const longestAgainMs = 30_000
/** So many looks are made before a stream is tried again. */
const looksBetween = 15

/**
 * Gives a view now and after each change, until it is over: from a stream of events, and by asking now and then for as long as
 * none gets through. It also ends, quietly, when the signal aborts.
 *
 * @throws {RequestError} when the other side refuses for good.
 */
export async function* watch<View>(
  { path, isOver }: Watched<View>,
  { signal = new AbortController().signal, by = 'events' }: WatchOptions,
  { transport, clock, random }: WatchDeps,
): AsyncGenerator<View, void, undefined> {
  let known = ''
  for (let failures = 0; !signal.aborted; ) {
    try {
      for await (const view of by === 'events' && failures === 0 ? streamed() : polled()) {
        yield view
        if (isOver(view)) return
      }
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      if (isFinal(error)) throw error
      failures += 1
    }
    await pause(Math.min(longestAgainMs, againMs * 2 ** Math.max(0, failures - 1)))
  }

  async function* streamed(): AsyncGenerator<View, void, undefined> {
    for await (const { id, data } of events(transport, { path: `${path}/events`, lastId: known, signal })) {
      known = id ?? ''
      yield data as View
    }
  }

  async function* polled(): AsyncGenerator<View, void, undefined> {
    for (let look = 0; look < looksBetween && !signal.aborted; look++) {
      const response = await transport.send(path, { signal, headers: { 'if-none-match': `W/"${known}"` } })
      if (response.status !== 304) {
        if (!response.ok) throw await errorOf(response)
        known = versionIn(response)
        yield (await response.json()) as View
      }
      await pause(retryAfterMsOf(response) ?? againMs)
    }
  }

  /** With jitter, so that many who were cut off together do not come back together. */
  function pause(ms: number): Promise<void> {
    return clock.sleep(ms * (0.5 + random()), { signal })
  }
}

function versionIn({ headers }: Response): string {
  return /"(.*)"/.exec(headers.get('etag') ?? '')?.[1] ?? ''
}

/** What asking again would not change. */
function isFinal(error: unknown): boolean {
  return error instanceof RequestError && error.status < 500 && ![408, 429].includes(error.status)
}
