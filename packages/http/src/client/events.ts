import { EventSourceParserStream } from 'eventsource-parser/stream'
import { errorOf } from './request-error.js'
import type { Transport } from './transport.js'

export interface ServerEvent {
  readonly id: string | undefined
  readonly data: unknown
}

interface EventsAsk {
  readonly path: string
  /** Empty for none. */
  readonly lastId: string
  readonly signal: AbortSignal
}

/**
 * The events of one connection, until it ends.
 *
 * @throws {RequestError} when it is refused; whatever `fetch` throws when it breaks.
 */
export async function* events(
  { send }: Transport,
  { path, lastId, signal }: EventsAsk,
): AsyncGenerator<ServerEvent, void, undefined> {
  const resume = lastId === '' ? {} : { 'last-event-id': lastId }
  const response = await send(path, { signal, headers: { accept: 'text/event-stream', ...resume } })
  if (!isEventStream(response)) throw await errorOf(response)
  if (!response.body) return
  const parsed = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
  const reader = parsed.getReader()
  const leave = () => void reader.cancel().catch(() => {})
  signal.addEventListener('abort', leave, { once: true })
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      yield { id: read.value.id, data: JSON.parse(read.value.data) }
    }
  } finally {
    signal.removeEventListener('abort', leave)
    leave()
  }
}

function isEventStream({ ok, headers }: Response): boolean {
  return ok && (headers.get('content-type')?.startsWith('text/event-stream') ?? false)
}
