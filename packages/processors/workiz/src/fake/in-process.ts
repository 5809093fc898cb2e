import type { Reply } from './reply.js'

/** A reply as `fetch` gives it, failures of the wire included. */
export async function toResponse(reply: Reply, signal: AbortSignal): Promise<Response> {
  signal.throwIfAborted()
  if (reply.wire === 'refused') throw networkError('ECONNREFUSED')
  if (reply.wire === 'reset') throw networkError('ECONNRESET')
  if (reply.wire === 'silent') return untilAborted(signal)
  return new Response(bodyOf(reply, signal), { status: reply.status, headers: reply.headers })
}

function bodyOf({ body, wire }: Reply, signal: AbortSignal): string | ReadableStream<Uint8Array> | null {
  if (wire === undefined || body === null) return body
  const bytes = new TextEncoder().encode(body)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (typeof wire !== 'object') return untilAborted(signal)
        controller.enqueue(bytes.slice(0, wire.cutAfter))
        controller.error(new TypeError('terminated', { cause: networkError('UND_ERR_SOCKET') }))
      },
    },
    { highWaterMark: 0 },
  )
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function networkError(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
}
