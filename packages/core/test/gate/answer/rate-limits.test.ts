import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type RateLimit, readRateLimits } from '../../../src/gate/index.js'

const now = Date.UTC(2026, 0, 1)
const limit = (
  limit: number | null,
  remaining: number | null,
  resetMs: number | null,
  windowMs: number | null = null,
): RateLimit => ({ limit, remaining, resetMs, windowMs })

describe('RateLimit and RateLimit-Policy', () => {
  test.each<[what: string, policy: string, state: string, limits: RateLimit[]]>([
    ['one policy', '"default";q=100;w=60', '"default";r=50;t=30', [limit(100, 50, 30_000, 60_000)]],
    [
      'several, each by its name',
      '"burst";q=10;w=1, "daily";q=5000;w=86400',
      '"daily";r=4998;t=69076, "burst";r=0;t=1',
      [limit(5_000, 4_998, 69_076_000, 86_400_000), limit(10, 0, 1_000, 1_000)],
    ],
    [
      'one that nobody tells the state of',
      '"burst";q=10;w=1,"daily";q=5000;w=86400',
      '"burst";r=8;t=1',
      [limit(10, 8, 1_000, 1_000), limit(5_000, null, null, 86_400_000)],
    ],
    [
      'blanks and a partition key',
      '"100-in-1min"; q=100; w=60; pk=:MTI3OjA=:',
      '"100-in-1min"; r=99; t=60; pk=:MTI3OjA=:',
      [limit(100, 99, 60_000, 60_000)],
    ],
    ['names without quotes', 'default;q=100;w=60', 'default;r=1;t=9', [limit(100, 1, 9_000, 60_000)]],
    [
      'a name with a comma, a semicolon and a quote in it',
      '"a,b;\\"c";q=7;w=2',
      '"a,b;\\"c";r=3;t=1',
      [limit(7, 3, 1_000, 2_000)],
    ],
    [
      'a second name',
      '"fixed window";"resolvers";q=3000;w=300',
      '"resolvers";r=0;t=52',
      [limit(3_000, 0, 52_000, 300_000)],
    ],
    ['no reset', '"default";q=100;w=60', '"default";r=0', [limit(100, 0, null, 60_000)]],
    ['no policy', '', '"default";r=0;t=5', [limit(null, 0, 5_000)]],
    ['no state', '"default";q=100;w=60', '', [limit(100, null, null, 60_000)]],
    ['draft 7', '100;w=60', 'limit=100, remaining=0, reset=50', [limit(100, 0, 50_000, 60_000)]],
    ['draft 7 without a policy', '', 'limit=100, remaining=9, reset=50', [limit(100, 9, 50_000)]],
    ['a limit of bytes', '"bytes";q=1000000;qu="content-bytes";w=10', '', []],
    ['values that are no numbers', '"default";q=many;w=60', '"default";r=-1;t=soon', []],
    ['what is no list at all', ';;;,,,"', '=', []],
  ])('%s', (_, policy, state, limits) => {
    expect(readRateLimits({ 'RateLimit-Policy': policy, RateLimit: state }, now)).toEqual(limits)
  })
})

describe('three headers', () => {
  const three = (prefix: string, [limit, remaining, reset]: readonly string[], more = {}) => ({
    [`${prefix}-Limit`]: limit,
    [`${prefix}-Remaining`]: remaining,
    [`${prefix}-Reset`]: reset,
    ...more,
  })

  test.each(['RateLimit', 'X-RateLimit', 'X-Rate-Limit', 'x-ratelimit'])('%s-…', prefix => {
    expect(readRateLimits(three(prefix, ['60', '12', '30']), now)).toEqual([limit(60, 12, 30_000)])
  })

  test.each([
    ['seconds from now', '60'],
    ['seconds since 1970', String(now / 1_000 + 60)],
    ['milliseconds since 1970', String(now + 60_000)],
    ['a duration', '1m0s'],
    ['a date', new Date(now + 60_000).toUTCString()],
    ['another date', new Date(now + 60_000).toISOString()],
  ])('a reset in %s', (_, reset) => {
    expect(readRateLimits(three('X-RateLimit', ['60', '0', reset]), now)).toEqual([limit(60, 0, 60_000)])
  })

  test('an instant is held against the clock of the server that told it', () => {
    const date = new Date(now - 3_600_000).toUTCString()
    const headers = three('X-RateLimit', ['60', '0', String((now - 3_600_000) / 1_000 + 45)], { date })
    expect(readRateLimits(headers, now)).toEqual([limit(60, 0, 45_000)])
  })

  test('several windows in lists of one length', () => {
    const headers = three('X-RateLimit', ['10, 100', '3, 0', '1, 60'])
    expect(readRateLimits(headers, now)).toEqual([limit(10, 3, 1_000), limit(100, 0, 60_000)])
  })

  test('a window from the policy of the same limit (drafts up to 6)', () => {
    const inline = three('RateLimit', ['100, 100;w=10, 1000;w=3600', '50', '5'])
    const policies = [limit(100, null, null, 10_000), limit(1_000, null, null, 3_600_000)]
    expect(readRateLimits(inline, now)).toEqual([...policies, limit(100, 50, 5_000, 10_000)])
    const apart = three('RateLimit', ['100', '50', '5'], { 'RateLimit-Policy': '100;w=10' })
    expect(readRateLimits(apart, now)).toEqual([
      limit(100, null, null, 10_000),
      limit(100, 50, 5_000, 10_000),
    ])
  })

  test.each([
    ['unlimited, told as nothing', ['', '7', ''], limit(null, 7, null)],
    ['a reset that could be two things', ['60', '0', '50000000000'], limit(60, 0, null)],
  ])('%s', (_, values, expected) => {
    expect(readRateLimits(three('X-RateLimit', values), now)).toEqual([expected])
  })

  test('"-1", for unlimited, is no limit', () => {
    expect(readRateLimits(three('X-RateLimit', ['-1', '-1', '0']), now)).toEqual([])
  })

  test('a limit alone tells nothing of the quota', () => {
    expect(readRateLimits({ 'x-ratelimit-limit': '60' }, now)).toEqual([])
  })
})

describe('they are found', () => {
  const plain = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' }
  const found = [limit(null, 0, 9_000)]

  test.each<[what: string, source: unknown]>([
    ['in a Headers', new Headers(plain)],
    ['in a plain object, in any case', { 'X-RateLimit-Remaining': 0, 'X-RATELIMIT-RESET': ['9'] }],
    ['in a Response', new Response(null, { headers: plain })],
    ['in an error with headers', Object.assign(new Error('429'), { headers: plain })],
    [
      'in an error with a response',
      Object.assign(new Error('429'), { response: { headers: new Headers(plain) } }),
    ],
  ])('%s', (_, source) => {
    expect(readRateLimits(source, now)).toEqual(found)
  })

  test('in nothing else', () => {
    const others = [
      null,
      undefined,
      7,
      'x-ratelimit-remaining: 0',
      [],
      {},
      { headers: null },
      new Error('no'),
    ]
    for (const source of [...others, hostile()]) expect(readRateLimits(source, now)).toEqual([])
  })

  test('whatever stands in the headers, nothing is thrown and every number is whole', () => {
    const value = fc.oneof(fc.string(), fc.stringMatching(/^[\w";=, .:-]{0,60}$/))
    const names = [
      'ratelimit',
      'ratelimit-policy',
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
      'date',
    ]
    const headers = fc.record(Object.fromEntries(names.map(name => [name, value])))
    const property = fc.property(headers, headers => {
      for (const limit of readRateLimits(headers, now))
        for (const value of Object.values(limit))
          expect(value === null || (Number.isSafeInteger(value) && value >= 0)).toBe(true)
    })
    fc.assert(property, { numRuns: 500 })
  })
})

function hostile() {
  const trap = () => {
    throw new Error('trap')
  }
  return new Proxy({}, { get: trap, has: trap, ownKeys: trap })
}
