import type { ClientOptions } from './options.js'
import { errorOf } from './request-error.js'

export interface Ask {
  readonly method?: 'GET' | 'POST'
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/** Sends one request. The header tells the routes that no other site sent it. */
export function createTransport({ url, headers, credentials = 'same-origin', ...options }: ClientOptions) {
  const base = url.replace(/\/+$/, '')

  async function send(path: string, ask: Ask = {}): Promise<Response> {
    const given = typeof headers === 'function' ? await headers() : headers
    const send = options.fetch ?? fetch
    return send(`${base}${path}${searchOf(ask.query)}`, {
      method: ask.method ?? 'GET',
      credentials,
      headers: { 'x-longhaul': '1', ...given, ...typeOf(ask), ...ask.headers },
      ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
      ...(ask.signal ? { signal: ask.signal } : {}),
    })
  }

  return {
    send,

    /** @throws {RequestError} */
    async ask<Answer>(path: string, ask: Ask = {}): Promise<Answer> {
      const response = await send(path, ask)
      if (!response.ok) throw await errorOf(response)
      return (await response.json()) as Answer
    },
  }
}

export type Transport = ReturnType<typeof createTransport>

function typeOf({ body }: Ask): Record<string, string> {
  return body === undefined ? {} : { 'content-type': 'application/json' }
}

function searchOf(query: Ask['query'] = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined) params.append(name, String(one))
  }
  return params.size === 0 ? '' : `?${params}`
}
