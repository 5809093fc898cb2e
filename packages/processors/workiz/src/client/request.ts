import type { Clock } from '@longhaul/core'

export interface RequestLimits {
  readonly fetch: typeof globalThis.fetch
  readonly clock: Clock
  /** For the whole answer, body included. */
  readonly timeoutMs: number
  readonly maxBodyBytes: number
  readonly signal?: AbortSignal | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'
}

export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError'
}

/**
 * One GET with its whole body, no retry. Redirects are answers, not followed: they would carry the token on.
 *
 * @throws {DeadlineError} after `timeoutMs`, {@link BodyTooLargeError}, the reason of `signal`, or what `fetch` throws.
 */
export async function request(url: string, limits: RequestLimits): Promise<Answer> {
  const stop = new AbortController()
  const done = new AbortController()
  relay(limits, stop, done.signal)
  try {
    stop.signal.throwIfAborted()
    const response = await limits.fetch(url, { redirect: 'manual', signal: stop.signal })
    const text = await readText(response, limits.maxBodyBytes, stop.signal)
    return { status: response.status, headers: response.headers, text }
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    done.abort()
  }
}

/** Aborts `stop` at the deadline or with the caller's signal, and leaves nothing behind after `done`. */
function relay({ clock, timeoutMs, signal }: RequestLimits, stop: AbortController, done: AbortSignal) {
  const cancel = () => stop.abort(signal?.reason)
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel, { once: true, signal: done })
  void clock.sleep(timeoutMs, { signal: done }).then(() => {
    if (!done.aborted) stop.abort(new DeadlineError(`No full answer within ${timeoutMs} ms`))
  })
}

async function readText(response: Response, maxBytes: number, signal: AbortSignal): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  signal.addEventListener('abort', () => void reader.cancel().catch(() => {}), { once: true })
  try {
    return await collect(reader, maxBytes, signal)
  } catch (error) {
    void reader.cancel().catch(() => {})
    throw error
  }
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal,
) {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength
    if (bytes > maxBytes) throw new BodyTooLargeError(`The answer is larger than ${maxBytes} bytes`)
    text += decoder.decode(part.value, { stream: true })
  }
  signal.throwIfAborted()
  return text + decoder.decode()
}
