import type { Clock } from '@longhaul/core'
import { HttpError } from '../answer/http-error.js'

export interface BodyLimits {
  readonly maxBodyBytes: number
  readonly bodyTimeoutMs: number
}

/**
 * Reads a body as JSON; `undefined` for none.
 *
 * @throws {HttpError} 400 for what is no JSON, 408, 413, 415.
 */
export async function readJson(request: Request, limits: BodyLimits, clock: Clock): Promise<unknown> {
  const bytes = await readBytes(request, limits, clock)
  if (bytes.length === 0) return undefined
  checkType(request)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new HttpError(400, 'invalid_json', 'The body is not JSON in UTF-8.')
  }
}

/** Other sites can send forms and plain text without asking; JSON they can't. */
function checkType({ headers }: Request): void {
  const [type = ''] = (headers.get('content-type') ?? '').split(';')
  const isJson = type.trim().toLowerCase() === 'application/json'
  if (isJson && !headers.has('content-encoding')) return
  throw new HttpError(415, 'unsupported_media_type', 'Send the body as application/json, not compressed.')
}

async function readBytes(request: Request, { maxBodyBytes, bodyTimeoutMs }: BodyLimits, clock: Clock) {
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge(maxBodyBytes)
  if (!request.body) return new Uint8Array()
  const reader = request.body.getReader()
  const over = new AbortController()
  const timeout = clock.sleep(bodyTimeoutMs, { signal: over.signal, background: true, unref: true })
  try {
    return await collect(reader, maxBodyBytes, timeout)
  } finally {
    over.abort()
    reader.cancel().catch(() => {})
  }
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
  timeout: Promise<void>,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const read = await Promise.race([reader.read().catch(brokenOff), timeout])
    if (!read) throw new HttpError(408, 'body_too_slow', 'The body did not arrive in time.')
    if (read.done) return Buffer.concat(chunks)
    size += read.value.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(read.value)
  }
}

function brokenOff(): never {
  throw new HttpError(400, 'body_broken_off', 'The body did not arrive whole.')
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(413, 'body_too_large', `A body may take ${maxBytes} bytes at most.`)
}
