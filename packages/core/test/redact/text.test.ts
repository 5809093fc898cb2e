import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OptionsError } from '../../src/errors.js'
import { createRedactor } from '../../src/redact/index.js'
import { leaks } from './secrets.js'

const { text } = createRedactor()

describe('a line loses', () => {
  test.each(leaks.map(leak => [leak.what, leak] as const))('%s', (_, { text: line, secret }) => {
    expect(text(line)).not.toContain(secret)
    expect(text(line)).toContain('[redacted]')
    expect(text(text(line))).toBe(text(line))
  })
})

test.each([
  ['login with password=hunter2 failed', 'login with password=[redacted] failed'],
  ['{"password":"a\\"b","user":"ada"}', '{"password":"[redacted]","user":"ada"}'],
  ["{ secret: 'x', user: 'ada' }", "{ secret: '[redacted]', user: 'ada' }"],
  ['(token=abc), next', '(token=[redacted]), next'],
  ['postgres://ada:pw@db:5432/app', 'postgres://[redacted]@db:5432/app'],
  ['Invalid credentials: password: hunter2 for ada', 'Invalid credentials: [redacted] [redacted] for ada'],
  ["-H 'Authorization: Basic YWRhOng=' https://a.b", "-H 'Authorization: [redacted]' https://a.b"],
  ['{"cookies":["a=b","c=d"],"status":401}', '{"cookies":[redacted],"status":401}'],
])('what stands around a secret stays: %s', (line, clean) => {
  expect(text(line)).toBe(clean)
})

test.each([
  'Imported 120 contacts in 3.2 s',
  'Unexpected token \'<\', "<html>" is not valid JSON',
  'Job 7 no longer belongs to token 3: its lease ended.',
  'usage: { tokens: 1234, promptTokens: 1000, max_tokens=4096 }',
  '{"password":null,"secret":false,"token":""}',
  'The author of compass: Ada',
  'basic authentication is not enough',
  'https://example.org/a/b?c=d#e',
  'npm_config_registry, npm_lifecycle_event',
  'at work (/app/src/tasks/risk-assessment-of-accounts.ts:12:34)',
  'mail to ada@example.org',
])('what is no secret stays: %s', line => {
  expect(text(line)).toBe(line)
})

/** Texts that are made of what the rules look for, in every order. */
const piece = fc.oneof(
  fc.constantFrom(
    'password',
    'apiKey',
    'token',
    'tokens',
    'Authorization',
    'cookie',
    'secret',
    'pass',
    'sig',
    '--',
  ),
  fc.constantFrom(
    ':',
    '=',
    ' => ',
    ': ',
    '"',
    "'",
    '\\"',
    '\\\\"',
    '`',
    '{',
    '}',
    '[',
    ']',
    '&',
    ';',
    ',',
    ' ',
    '\n',
  ),
  fc.constantFrom(
    'Bearer ',
    'Basic ',
    'https://',
    'postgres:\\/\\/',
    '@',
    'eyJ',
    '.',
    'ghp_',
    'AKIA',
    'sk-',
    '[redacted]',
  ),
  fc.constantFrom('-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', 'null', '123', '-'),
  fc.string({ unit: fc.constantFrom(...'aB3_-./+='), minLength: 1, maxLength: 24 }),
  fc.string({ maxLength: 4 }),
)
const tangle = fc.array(piece, { maxLength: 24 }).map(pieces => pieces.join(''))

test('twice is as good as once', () => {
  fc.assert(
    fc.property(tangle, line => {
      const once = text(line)
      expect(text(once)).toBe(once)
    }),
    { numRuns: 3_000 },
  )
})

test('a planted secret comes out of no tangle', () => {
  const secret = 'Zx81kQv7Lm2Pq9Rt'
  const planted = fc.constantFrom(
    `password=${secret} `,
    `"apiKey":"${secret}"`,
    `\\"token\\":\\"${secret}\\"`,
    `Bearer ${secret} `,
    ` ghp_${secret} `,
    ` https://ada:${secret}@host `,
  )
  fc.assert(
    fc.property(tangle, planted, tangle, (before, leak, after) => {
      expect(text(`${before} ${leak} ${after}`)).not.toContain(secret)
    }),
    { numRuns: 2_000 },
  )
})

const size = 300_000
const fill = (piece: string) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size)

test.each([
  'a',
  ' ',
  '\\',
  '"',
  'password',
  'password ',
  'password:',
  'password="',
  'password:\\"',
  'password=[',
  'password={{',
  '"password":"\\\\',
  'authorization: ',
  '--password ',
  'a.',
  'a://',
  'a://b:',
  'a://b:c@',
  'eyJ',
  'eyJaaaaaa.',
  'eyJaaaaaa.aaaaaa.',
  'Bearer ',
  'Bearer a',
  'Basic aaaaaaaa',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY-----\n-----END ',
  'sk-',
  'npm_a',
  'pass pass',
  '[redacted]',
])('a text of 300,000 characters takes no longer for what it is made of: %j', piece => {
  const before = process.cpuUsage()
  text(fill(piece))
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1_000).toBeLessThan(1_000)
})

test('names and shapes of your own are taken out too', () => {
  const own = createRedactor({ keys: ['ssn', 'accountNumber'], patterns: [/\bCUST-\d{6}\b/] })
  expect(own.text('ssn: 123, account_number=456 accountNumber: "7" for CUST-123456 and CUST-654321')).toBe(
    'ssn: [redacted], account_number=[redacted] accountNumber: "[redacted]" for [redacted] and [redacted]',
  )
  expect(own.text('session: 1, class ssnx=2')).toBe('session: 1, class ssnx=2')
})

test.each([
  [{ keys: [''] }],
  [{ keys: ['--'] }],
  [{ keys: [7 as never] }],
  [{ keys: Array.from({ length: 101 }, (_, index) => `k${index}`) }],
  [{ patterns: ['secret' as never] }],
])('an option that means nothing is refused: %j', options => {
  expect(() => createRedactor(options)).toThrow(OptionsError)
})
