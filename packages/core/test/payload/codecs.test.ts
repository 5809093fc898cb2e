import { brotliCompressSync, constants } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Codec, type CodecChain, chain, compression, encryption } from '../../src/codecs/index.js'
import { writeEnvelope } from '../../src/encoding/envelope.js'
import { isUnreadable, parsedOr, problemOf } from '../../src/encoding/unreadable.js'
import { OptionsError, TooLargeError } from '../../src/errors.js'
import { codecsIn } from '../../src/payload/codec.js'
import { createSealer, type Sealer } from '../../src/payload/sealer.js'

const oldKey = Buffer.alloc(32, 1)
const newKey = Buffer.alloc(32, 2).toString('base64')
const long = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, name: 'Ada' })))

function sealerOf(codec: Codec | CodecChain): Sealer {
  return createSealer(codecsIn(codec)) as Sealer
}

const encrypted = () => sealerOf(encryption({ keys: { old: oldKey, new: newKey }, use: 'new' }))
const kinds = [
  ['encryption', encryption({ keys: { k: newKey }, use: 'k' })],
  ['compression', compression({ above: 0 })],
  ['both', chain(compression({ above: 20 }), encryption({ keys: { k: newKey }, use: 'k' }))],
  ['a codec that only reads', encryption({ keys: { k: newKey } })],
] as const

test.each(kinds)('any text comes back as what it was, NUL and lone surrogates too: %s', (_, codec) => {
  const { seal, open } = sealerOf(codec)
  const unit = fc.integer({ min: 0, max: 0xff_ff })
  const any = fc.array(unit).map(units => String.fromCharCode(...units))
  fc.assert(
    fc.property(
      fc.oneof(
        any,
        any.map(text => `lh1:${text}`),
        any.map(text => `lh1:br:${text}`),
      ),
      text => {
        expect(open(seal(text, 'job', 'log line'), 'job', 'log line')).toBe(text)
      },
    ),
  )
})

test('what is stored says which codecs, and which key, it takes to read it', () => {
  const { seal } = sealerOf(chain(compression(), encryption({ keys: { '2026-01': newKey }, use: '2026-01' })))
  expect(seal('"short"', 'job', 'input')).toMatch(/^lh1:aes-256-gcm=2026-01:[\w-]+$/)
  expect(seal(long, 'job', 'input')).toMatch(/^lh1:br,aes-256-gcm=2026-01:[\w-]+$/)
})

test('what was stored without a codec is read as it is', () => {
  expect(encrypted().open('{"a":1}', 'job', 'input')).toBe('{"a":1}')
})

test('the same text never looks the same twice once encrypted', () => {
  const { seal } = encrypted()
  expect(new Set(Array.from({ length: 100 }, () => seal('"x"', 'job', 'input'))).size).toBe(100)
})

test('an old key still opens what it encrypted, and the new one encrypts', () => {
  const before = sealerOf(encryption({ keys: { old: oldKey }, use: 'old' }))
  const { seal, open } = encrypted()
  expect(open(before.seal('"x"', 'job', 'input'), 'job', 'input')).toBe('"x"')
  expect(seal('"x"', 'job', 'input')).toContain('=new:')
})

test.each([
  ['another job', 'other', 'input'],
  ['another part of the job', 'job', 'output'],
])('an encrypted text that was moved to %s does not open', (_, jobId, part) => {
  const { seal, open } = encrypted()
  const problem = problemOf(part, open(seal('"x"', 'job', 'input'), jobId, part))
  expect(problem).toMatchObject({ code: 'payload_damaged' })
})

test('an encrypted text in which anything was changed is never read as something else', () => {
  const { seal, open } = encrypted()
  const sealed = seal('{"pay":"100"}', 'job', 'input')
  const at = fc.integer({ min: 0, max: sealed.length - 1 })
  fc.assert(
    fc.property(at, fc.constantFrom('A', 'b', '-', '7', ':', ' '), (index, character) => {
      const opened = open(sealed.slice(0, index) + character + sealed.slice(index + 1), 'job', 'input')
      expect(parsedOr(opened, 'unreadable')).toSatisfy(
        read => read === 'unreadable' || (read as { pay?: string }).pay === '100',
      )
    }),
  )
})

test('an encrypted text that was cut short does not open', () => {
  const { seal, open } = encrypted()
  const sealed = seal('"x"', 'job', 'input')
  for (let length = 'lh1:'.length; length < sealed.length; length++) {
    expect(isUnreadable(open(sealed.slice(0, length), 'job', 'input'))).toBe(true)
  }
})

test('a key that is missing is named', () => {
  const { open } = sealerOf(encryption({ keys: { old: oldKey }, use: 'old' }))
  const problem = problemOf('input', open(encrypted().seal('"x"', 'job', 'input'), 'job', 'input'))
  expect(problem).toMatchObject({ code: 'payload_key_missing' })
  expect(problem?.message).toContain('"new"')
})

test('a codec that is missing is named, with and without other codecs', () => {
  const sealed = encrypted().seal('"x"', 'job', 'input')
  for (const text of [sealed, sealerOf(compression()).open(sealed, 'job', 'input')]) {
    const problem = problemOf('input', text)
    expect(problem).toMatchObject({ code: 'payload_codec_missing' })
    expect(problem?.message).toContain('aes-256-gcm')
  }
})

test('a key with the same id that is another key opens nothing', () => {
  const { open } = sealerOf(encryption({ keys: { new: oldKey }, use: 'new' }))
  const problem = problemOf('input', open(encrypted().seal('"x"', 'job', 'input'), 'job', 'input'))
  expect(problem).toMatchObject({ code: 'payload_damaged' })
})

test('only what is large is compressed, and only where that makes it smaller', () => {
  const { seal } = sealerOf(compression({ above: 100 }))
  const noise = JSON.stringify(
    Buffer.from(Array.from({ length: 150 }, (_, i) => (i * i * 2_654_435) % 251)).toString('base64'),
  )
  expect(seal('"short"', 'job', 'input')).toBe('"short"')
  expect(seal(noise, 'job', 'input')).toBe(noise)
  expect(seal(long, 'job', 'input').length).toBeLessThan(long.length / 5)
})

test('a bomb is refused before it has inflated', () => {
  const bomb = brotliCompressSync(Buffer.alloc(64 * 2 ** 20), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 3 },
  })
  expect(bomb.length).toBeLessThan(1_000)
  const { open } = sealerOf(compression({ mostBytes: 2 ** 20 }))
  const before = process.memoryUsage().arrayBuffers

  const text = open(writeEnvelope({ steps: [{ id: 'br', key: undefined }], bytes: bomb }), 'job', 'input')

  expect(problemOf('input', text)).toMatchObject({ code: 'payload_too_large' })
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * 2 ** 20)
})

test('what could not be inflated again is not compressed in the first place', () => {
  const { seal } = sealerOf(compression({ mostBytes: 1_024 }))
  expect(() => seal(long, 'job', 'input')).toThrow(TooLargeError)
})

test('bytes that are no Brotli are damaged', () => {
  const { open } = sealerOf(compression())
  expect(problemOf('input', open('lh1:br:AAAA', 'job', 'input'))).toMatchObject({ code: 'payload_damaged' })
})

const give = (id: string, more: Partial<Codec> = {}): Codec => ({
  id,
  encode: bytes => bytes,
  decode: bytes => bytes,
  ...more,
})

test.each<[string, () => unknown]>([
  ['a key of 16 bytes', () => encryption({ keys: { k: Buffer.alloc(16) }, use: 'k' })],
  ['a passphrase', () => encryption({ keys: { k: 'correct horse battery staple' }, use: 'k' })],
  ['a key id with a colon', () => encryption({ keys: { 'k:1': oldKey }, use: 'k:1' })],
  ['the use of a key that is not there', () => encryption({ keys: { k: oldKey }, use: 'other' })],
  ['the use of a key named as a member of every object', () => encryption({ keys: {}, use: 'constructor' })],
  ['a negative size', () => compression({ above: -1 })],
  ['a size that is no number', () => compression({ mostBytes: Number.NaN })],
  ['a codec id with a space', () => codecsIn(give('my codec'))],
  ['a codec key with a colon', () => codecsIn(give('mine', { key: 'a:b' }))],
  ['two codecs with one id', () => codecsIn(chain(give('a'), give('a')))],
  ['nine codecs', () => codecsIn(chain(...Array.from({ length: 9 }, (_, index) => give(`c${index}`))))],
  ['a codec that does not give back', () => codecsIn(give('lossy', { decode: bytes => bytes.subarray(1) }))],
])('%s is refused at the door', (_, make) => {
  expect(make).toThrow(OptionsError)
})

test.each([
  ['bytes', oldKey],
  ['base64', oldKey.toString('base64')],
  ['base64url', oldKey.toString('base64url')],
  ['hex', oldKey.toString('hex')],
])('a key is taken as %s', (_, key) => {
  const { open } = sealerOf(encryption({ keys: { old: key } }))
  const { seal } = sealerOf(encryption({ keys: { old: oldKey }, use: 'old' }))
  expect(open(seal('"x"', 'job', 'input'), 'job', 'input')).toBe('"x"')
})
