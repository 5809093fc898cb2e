/** What the fake answers, before a transport puts it on the wire. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** `null` for none, as with a 204. */
  readonly body: string | null
  /** How the wire fails: no connection, cut before the headers, never a word, headers only, or cut after n bytes. */
  readonly wire?: 'refused' | 'reset' | 'silent' | 'stalled' | { readonly cutAfter: number }
}

export function json(body: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

export function html(body: string, status = 200): Reply {
  return { status, headers: { 'content-type': 'text/html', server: 'cloudflare' }, body }
}

/** @param retryAfter Seconds, any text (such as an HTTP date), or `'none'`. */
export function tooManyRequests(retryAfter: number | string): Reply {
  const reply = json({ error: true, code: 429, msg: 'Too many requests' }, 429)
  if (retryAfter === 'none') return reply
  return { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfter) } }
}

export function empty(status: number): Reply {
  return { status, headers: {}, body: null }
}
