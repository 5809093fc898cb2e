import { OptionsError } from '../errors.js'

/**
 * A way to store what jobs carry: encrypted, compressed. It works on bytes and at once: a job is enqueued, and a
 * cursor saved, inside synchronous transactions too, so whatever takes time (fetching a key) comes before `createRunner`.
 */
export interface Codec {
  /** Stands in front of all that it wrote, so it must not change. From 1 to 40 of a-z, 0-9 and "-". */
  readonly id: string
  /** The id of the key that `encode` uses, kept beside `id`. From 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-". */
  readonly key?: string
  /** `undefined` leaves the bytes as they are. */
  encode(bytes: Uint8Array, payload: Payload): Uint8Array | undefined
  /**
   * @param key As it was when these bytes were encoded.
   * @throws {PayloadError} when they can't be decoded.
   */
  decode(bytes: Uint8Array, payload: Payload, key: string | undefined): Uint8Array
}

/** What a codec is told of the bytes in its hands. The same when they are encoded and when they are decoded. */
export interface Payload {
  readonly jobId: string
  /** What they are to the job, as in `input`, `output` or `item 42`. */
  readonly part: string
}

/** Codecs that are applied one after the other. Made by `chain`. */
export interface CodecChain {
  readonly codecs: readonly Codec[]
}

const idPattern = /^[a-z0-9-]{1,40}$/
const keyPattern = /^[\w.-]{1,64}$/
/** As many as an envelope may name. */
export const mostCodecs = 8

export function isKeyId(key: string): boolean {
  return keyPattern.test(key)
}

/** @throws {OptionsError} for one that is malformed, or that does not give back what it was given. */
export function codecsIn(codec: Codec | CodecChain | undefined): readonly Codec[] {
  if (!codec) return []
  const codecs = 'codecs' in codec ? codec.codecs : [codec]
  const ids = new Set(codecs.map(({ id }) => id))
  if (ids.size < codecs.length) throw new OptionsError('codec', 'two of them have the same id')
  if (codecs.length > mostCodecs) throw new OptionsError('codec', `at most ${mostCodecs} in a chain`)
  codecs.forEach(checkCodec)
  return codecs
}

function checkCodec(codec: Codec): void {
  const { id, key } = codec
  if (typeof id !== 'string' || !idPattern.test(id))
    throw new OptionsError('codec.id', `must be 1 to 40 of a-z, 0-9 and "-", not ${JSON.stringify(id)}`)
  if (key !== undefined && !isKeyId(key))
    throw new OptionsError(
      'codec.key',
      `must be 1 to 64 letters, digits, ".", "_" and "-", not ${JSON.stringify(key)}`,
    )
  if (!givesBack(codec, probe))
    throw new OptionsError('codec', `"${id}" does not give back what it was given`)
}

const probe = Uint8Array.from({ length: 256 }, (_, byte) => byte)

function givesBack(codec: Codec, bytes: Uint8Array): boolean {
  const payload = { jobId: 'probe', part: 'input' }
  const encoded = codec.encode(bytes, payload)
  return encoded === undefined || Buffer.compare(codec.decode(encoded, payload, codec.key), bytes) === 0
}
