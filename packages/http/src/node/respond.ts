import { once } from 'node:events'
import type { ServerResponse } from 'node:http'

/** Writes a response of the web to one of `node:http`, no faster than the client reads. */
export async function respond(
  { status, headers, body }: Response,
  target: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  target.writeHead(status, Object.fromEntries(headers))
  if (!body) {
    target.end()
    return
  }
  target.flushHeaders()
  const reader = body.getReader()
  signal.addEventListener('abort', () => void reader.cancel().catch(() => {}), { once: true })
  try {
    for (let read = await reader.read(); !read.done && !signal.aborted; read = await reader.read()) {
      if (!target.write(read.value)) await drained(target, reader, signal)
    }
    target.end()
  } catch {
    target.destroy()
  }
}

/** @throws when the stream gave up waiting for this client. */
async function drained(
  target: ServerResponse,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const waiting = once(target, 'drain', { signal }).catch(() => {})
  await Promise.race([waiting, reader.closed])
}
