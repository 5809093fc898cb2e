import fc from 'fast-check'

/** One request, as raw as a client can send it. */
export interface RawRequest {
  readonly method: string
  /** Path and query, below the mount point. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Ids that are there, so that not all requests end at the first look. */
export interface Known {
  readonly jobs: readonly string[]
  readonly secret: string
}

const methods = ['GET', 'GET', 'GET', 'POST', 'POST', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH']
const verbs = ['', '', '/cancel', '/pause', '/resume', '/promote', '/retry', '/items', '/logs', '/delete']
const names = ['state', 'limit', 'after', 'fields', 'tenant', 'key', 'processor', 'tag', 'x', '__proto__']
const values = [
  '',
  '1',
  '0',
  '-1',
  '1e9',
  'NaN',
  'waiting',
  'a,b',
  '%00',
  '%',
  '%ff',
  'null',
  '[]',
  '../..',
  '1'.repeat(400),
]

/** Visible ASCII: what else a client sends in a line, no server takes. */
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 60 }).map(text => text.replace(/[^!-~]/g, '_'))

export function requests(known: Known): fc.Arbitrary<RawRequest> {
  return fc.record({
    method: fc.constantFrom(...methods),
    path: fc.tuple(pathOf(known), query).map(([path, search]) => path + search),
    headers: headersOf(known),
    body: fc.option(fc.oneof(plainJob, job, fc.json(), fc.string({ maxLength: 200 })), { nil: undefined }),
  })
}

function pathOf({ jobs }: Known): fc.Arbitrary<string> {
  const id = fc.oneof(
    fc.constantFrom(...jobs),
    ascii,
    fc.string({ unit: 'grapheme', maxLength: 20 }).map(encoded),
  )
  const job = fc.tuple(id, fc.constantFrom(...verbs)).map(([id, verb]) => `/jobs/${id}${verb}`)
  const group = fc.tuple(id, fc.constantFrom(...verbs)).map(([id, verb]) => `/groups/${id}${verb}`)
  const processor = fc.constantFrom('/jobs/measure', '/jobs/nothing', '/jobs/%6deasure')
  const system = fc.constantFrom('/jobs', '/stats', '/health', '/metrics', '/openapi.json', '/work', '/', '')
  const odd = ascii.map(text => `/${text}`)
  return fc.oneof(job, group, processor, system, odd).map(path => path.replace(/[#?]/g, '_'))
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

const query = fc
  .array(fc.tuple(fc.constantFrom(...names), fc.oneof(fc.constantFrom(...values), ascii)), { maxLength: 3 })
  .map(pairs =>
    pairs.length === 0
      ? ''
      : `?${pairs.map(([name, value]) => `${name}=${value.replace(/#/g, '')}`).join('&')}`,
  )

const job = fc
  .record(
    {
      input: fc.oneof(
        fc.constant({ text: 'a' }),
        fc.record({ text: fc.string({ unit: 'grapheme' }) }),
        fc.jsonValue({ maxDepth: 4 }),
      ),
      key: fc.jsonValue(),
      delayMs: fc.oneof(fc.double(), fc.integer()),
      runAt: fc.oneof(
        fc.string(),
        fc.constantFrom('2026-01-01T00:00:00Z', '+275760-09-13T00:00:00Z', '9999-12-31'),
      ),
      priority: fc.jsonValue(),
      tags: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }),
      tenant: fc.string(),
      only: fc.constantFrom('failed', 'all'),
    },
    { requiredKeys: [] },
  )
  .map(value => JSON.stringify(value))

const plainJob = fc.string({ maxLength: 20 }).map(text => JSON.stringify({ input: { text } }))

function headersOf({ secret }: Known): fc.Arbitrary<Record<string, string>> {
  const given = fc.record(
    {
      authorization: fc.oneof(fc.constantFrom(`Bearer ${secret}`, 'Bearer', 'Basic eDp5', ''), ascii),
      'content-type': fc.constantFrom(
        'application/json',
        'text/plain',
        'application/json; charset=utf-7',
        '',
      ),
      cookie: fc.constantFrom('session=1', 'a', ''),
      origin: fc.constantFrom('null', 'https://evil.test', ':', ''),
      'sec-fetch-site': fc.constantFrom('same-origin', 'cross-site', 'none', 'x'),
      'if-none-match': ascii,
      'last-event-id': ascii,
      'idempotency-key': ascii,
      'longhaul-hand-over': fc.oneof(ascii, fc.constantFrom('v1.a.1.9999999999999.x')),
      'x-http-method-override': fc.constantFrom('DELETE', 'GET'),
      'x-forwarded-for': ascii,
    },
    { requiredKeys: [] },
  )
  const calm = fc.constant({ 'content-type': 'application/json' })
  return fc.oneof({ weight: 2, arbitrary: calm }, { weight: 1, arbitrary: given })
}
