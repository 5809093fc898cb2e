/** What lets pages of other origins read an answer; nothing for an origin that is not named. */
export function corsHeaders({ headers }: Request, origins: readonly string[]): Record<string, string> {
  const origin = headers.get('origin')
  if (origin === null || !origins.includes(origin)) return origins.length === 0 ? {} : { vary: 'origin' }
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'etag, link, location, retry-after',
  }
}

/** The answer to a preflight, beside {@link corsHeaders}. */
export function preflightHeaders(methods: readonly string[]): Record<string, string> {
  return {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers':
      'authorization, content-type, if-none-match, idempotency-key, last-event-id, x-longhaul',
    'access-control-max-age': '600',
  }
}
