import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LeaseLostError } from '../../src/errors.js'
import { createRedactor } from '../../src/redact/index.js'
import { isLonghaulError } from '../../src/store/index.js'

const { value } = createRedactor()

describe('under a secret name', () => {
  test.each([
    ['password', 'hunter2'],
    ['dbPassword', 'hunter2'],
    ['DB_PASSWORD', 'hunter2'],
    ['x-api-key', 'abc'],
    ['apiKey', 'abc'],
    ['Authorization', 'Digest x'],
    ['set-cookie', ['a=b']],
    ['clientSecret', { current: 'a', next: 'b' }],
    ['refresh_token', 'abc'],
    ['otp', 493_817],
    ['credentials', { user: 'ada' }],
  ])('%s is taken out', (name, secret) => {
    expect(value({ deep: [{ [name]: secret, user: 'ada' }] })).toEqual({
      deep: [{ [name]: '[redacted]', user: 'ada' }],
    })
  })

  test.each([
    ['password', null],
    ['secret', false],
    ['token', ''],
    ['tokens', 1_234],
    ['maxTokens', 4_096],
    ['author', 'ada'],
    ['compass', 'north'],
  ])('%s stays when it is %j', (name, harmless) => {
    const object = { [name]: harmless }
    expect(value(object)).toBe(object)
  })
})

test('raw headers, where names and values take turns, lose their secrets', () => {
  expect(value(['Host', 'example.org', 'Cookie', 'a=b'])).toEqual([
    'Host',
    'example.org',
    'Cookie',
    '[redacted]',
  ])
})

test('an error without secrets is told as it is, the same object', () => {
  const error = Object.assign(new Error('plain', { cause: new TypeError('also plain') }), {
    status: 404,
    list: [1, { a: 2 }],
  })
  expect(value(error)).toBe(error)
  const lost = new LeaseLostError('job-1', 7, 'its lease ended')
  expect(value(lost)).toBe(lost)
})

test('an error stays one of its class, with its code, its brand and its cause', () => {
  class HttpError extends Error {
    override readonly name = 'HttpError'
    readonly status = 401
    readonly headers = { authorization: 'Bearer abcdefgh', accept: '*/*' }
  }
  const error = new HttpError('no: password=hunter2', { cause: new LeaseLostError('token=abc', 7, 'gone') })
  const told = value(error)

  expect(told).toBeInstanceOf(HttpError)
  expect(told).toMatchObject({
    name: 'HttpError',
    status: 401,
    message: 'no: password=[redacted]',
    headers: { authorization: '[redacted]', accept: '*/*' },
    cause: { code: 'lease_lost', token: 7, jobId: 'token=[redacted]' },
  })
  expect(isLonghaulError(told.cause)).toBe(true)
  expect(told.stack).not.toContain('hunter2')
  expect(Object.keys(told), 'what was not listed is not listed now').toEqual(Object.keys(error))
  expect(error.message, 'nothing is changed in place').toContain('hunter2')
})

test('the errors of an aggregate lose their secrets', () => {
  const told = value(new AggregateError([new Error('password=hunter2')], 'all failed'))
  expect(told.errors).toMatchObject([{ message: 'password=[redacted]' }])
})

test('an object of another class comes as its name, for nobody knows what it holds', () => {
  const told = value(
    Object.assign(new Error('failed'), { headers: new Headers({ a: 'b' }), url: new URL('https://a:b@c.d') }),
  )
  expect(told).toMatchObject({ message: 'failed', headers: '[Headers]', url: '[URL]' })
})

test('what contains itself ends', () => {
  const error: Error & { self?: unknown } = new Error('password=hunter2')
  error.self = { error }
  error.cause = error
  const told = value(error) as Error & { self: { error: unknown } }

  expect(told.message).toBe('password=[redacted]')
  expect(told.self.error).toBe(told)
  expect(told.cause).toBe(told)
})

test('what is too deep or too much to be looked at is left out', () => {
  const deep = Array.from({ length: 50 }).reduce<object>(inner => ({ inner }), { password: 'hunter2' })
  const wide = Object.fromEntries(
    Array.from({ length: 50_000 }, (_, index) => [`k${index}`, 'hunter2 token=x']),
  )
  expect(JSON.stringify(value(deep))).not.toContain('hunter2')
  expect(JSON.stringify(value({ wide })).length).toBeLessThan(100_000)
  expect((value({ list: Array(50_000).fill('token=x') }).list as string[]).length).toBeLessThan(2_100)
})

test('keys that would change a prototype are copied as what they are', () => {
  const told = value(JSON.parse('{"__proto__": {"polluted": true}, "password": "x"}'))
  expect(Object.hasOwn(told, '__proto__')).toBe(true)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test('whatever is thrown, it answers', () => {
  const hostile = [
    new Proxy(new Error('x'), {
      get: () => {
        throw new Error('no')
      },
      ownKeys: () => {
        throw new Error('no')
      },
    }),
    Object.defineProperty(new Error('x'), 'stack', {
      get: () => {
        throw new Error('no')
      },
    }),
    Object.create(null),
    null,
    undefined,
    Symbol('s'),
    () => {},
    10n,
  ]
  for (const thrown of hostile) expect(() => value(thrown)).not.toThrow()
})

test('twice is as good as once', () => {
  const name = fc.constantFrom('password', 'user', 'token', 'a', 'apiKey')
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('password=x', 'Bearer abcdefghij', 'https://a:b@c', '[redacted]'),
  )
  const { any } = fc.letrec(tie => ({
    any: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.integer(),
      fc.constant(null),
      fc.array(tie('any')),
      fc.dictionary(name, tie('any')),
      text.map(message => new Error(message)),
    ),
  }))
  fc.assert(
    fc.property(any, something => {
      const once = value(something)
      expect(value(once)).toEqual(once)
    }),
  )
})
