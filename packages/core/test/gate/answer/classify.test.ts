import { describe, expect, test } from 'vitest'
import { classifyError, type Failure, Throttled } from '../../../src/gate/index.js'
import { LonghaulError, StoreError } from '../../../src/store/index.js'

const now = Date.UTC(1994, 10, 6, 8, 49, 0)
const transient: Failure = { kind: 'transient' }
const refused: Failure = { kind: 'permanent', answered: true }
const broken: Failure = { kind: 'permanent', answered: false }
const throttled = (retryAfterMs: number | null): Failure => ({ kind: 'throttled', retryAfterMs })

const withFields = (fields: object, cause?: unknown) => Object.assign(new Error('no luck', { cause }), fields)
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause })
const status = (status: number, headers?: object) => withFields({ status, ...(headers && { headers }) })

describe('an error of a call is judged (C2, D6)', () => {
  const cases: readonly (readonly [what: string, error: unknown, failure: Failure])[] = [
    ['400', status(400), refused],
    ['401', status(401), refused],
    ['403', status(403), refused],
    ['404', status(404), refused],
    ['409', status(409), refused],
    ['410', status(410), refused],
    ['422', status(422), refused],
    ['a redirect', status(304), refused],
    ['408', status(408), transient],
    ['425', status(425), transient],
    ['500', status(500), transient],
    ['502', status(502), transient],
    ['503', status(503), transient],
    ['504', status(504), transient],
    ['520', status(520), transient],
    ['524', status(524), transient],
    ['527', status(527), transient],
    ['529', status(529), transient],
    ['429', status(429), throttled(null)],
    ['429 with seconds', status(429, { 'Retry-After': '7' }), throttled(7_000)],
    ['429 with a number', status(429, { 'retry-after': 7 }), throttled(7_000)],
    ['429 with 0', status(429, { 'retry-after': '0' }), throttled(0)],
    [
      '429 with a date',
      status(429, new Headers({ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' })),
      throttled(37_000),
    ],
    ['429 with nonsense', status(429, { 'retry-after': 'soon' }), throttled(null)],
    ['503 that says when', status(503, { 'retry-after': '30' }), throttled(30_000)],
    ['statusCode', withFields({ statusCode: 503 }), transient],
    [
      'a response',
      withFields({ response: { status: 429, headers: new Headers({ 'retry-after': '1' }) } }),
      throttled(1_000),
    ],
    ['a status that is none', withFields({ status: 'failed' }), broken],
    ['a RetryAfter', withFields({ code: 'retry_after', retryAfterMs: 1_500 }), throttled(1_500)],
    ['a connection reset', withFields({ code: 'ECONNRESET' }), transient],
    ['a failed fetch', fetchFailed(withFields({ code: 'ECONNREFUSED' })), transient],
    [
      'a broken body',
      new TypeError('terminated', { cause: withFields({ code: 'UND_ERR_SOCKET' }) }),
      transient,
    ],
    ['a name that is not found', fetchFailed(withFields({ code: 'EAI_AGAIN' })), transient],
    ['a timeout', new DOMException('too slow', 'TimeoutError'), transient],
    ['a wrapped timeout', withFields({}, new DOMException('too slow', 'TimeoutError')), transient],
    ['an abort', new DOMException('stop', 'AbortError'), broken],
    ['a bad certificate', fetchFailed(withFields({ code: 'CERT_HAS_EXPIRED' })), broken],
    ['a bug', new TypeError("can't read properties of undefined"), broken],
    ['truncated JSON', new SyntaxError('Unexpected end of JSON input'), broken],
    ['another error of ours', new LonghaulError('fatal', 'no'), broken],
    ['a closed gate', new Throttled('api', 1_000), broken],
    ['our store (C5)', new StoreError('store_unavailable', 'x', 'gone', { retryable: true }), broken],
    ['a string', 'no luck', broken],
    ['null', null, broken],
    ['undefined', undefined, broken],
    ['a cyclic cause', cyclic(), broken],
    ['a hostile proxy', hostile(), broken],
    ['a frozen one', Object.freeze(status(500)), transient],
  ]

  test.each(cases)('%s', (_, error, failure) => {
    expect(classifyError(error, now)).toEqual(failure)
  })
})

function cyclic() {
  const error: Error & { cause?: unknown } = new Error('no luck')
  error.cause = error
  return error
}

function hostile() {
  const trap = () => {
    throw new Error('trap')
  }
  return new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap })
}
