import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { OptionsError, PayloadError } from '../errors.js'
import { type Codec, isKeyId, type Payload } from '../payload/codec.js'

/** Which keys can be read, and which one is used. */
export interface EncryptionOptions {
  /**
   * By their ids, each of 32 random bytes: as bytes, or as base64, base64url or hex (`openssl rand -base64 32`). An old key
   * stays here for as long as jobs that it encrypted are kept. An id has 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-".
   */
  readonly keys: Readonly<Record<string, string | Uint8Array>>
  /** The id of the key that encrypts from now on. Absent: nothing more is encrypted, and what was stays readable. */
  readonly use?: string
}

const cipher = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16

/**
 * AES-256-GCM. What it wrote opens only as the part of the job that it was written for; a text that was changed, or
 * moved to another place, is refused.
 *
 * @throws {OptionsError} when a key is not 32 bytes, or `use` names none of them.
 */
export function encryption({ keys, use }: EncryptionOptions): Codec {
  const known = new Map(Object.entries(keys).map(([id, key]) => [id, readKey(id, key)]))
  const current = use === undefined ? undefined : known.get(use)
  if (use !== undefined && !current) throw new OptionsError('use', `there is no key "${use}" among keys`)
  return {
    id: cipher,
    ...(use === undefined ? {} : { key: use }),
    encode: (bytes, payload) => current && encrypt(bytes, current, payload),

    decode(bytes, payload, id = '') {
      const key = known.get(id)
      if (!key) throw new PayloadError('payload_key_missing', `it needs the key "${id}". Add it to \`keys\`.`)
      return decrypt(bytes, key, id, payload)
    },
  }
}

function encrypt(bytes: Uint8Array, key: KeyObject, payload: Payload): Uint8Array {
  const nonce = randomBytes(nonceLength)
  const sealing = createCipheriv(cipher, keyOf(payload, key), nonce, { authTagLength: tagLength })
  sealing.setAAD(placeOf(payload))
  return Buffer.concat([nonce, sealing.update(bytes), sealing.final(), sealing.getAuthTag()])
}

function decrypt(bytes: Uint8Array, key: KeyObject, id: string, payload: Payload): Uint8Array {
  try {
    const tagAt = bytes.length - tagLength
    const opening = createDecipheriv(cipher, keyOf(payload, key), bytes.subarray(0, nonceLength), {
      authTagLength: tagLength,
    })
    opening.setAAD(placeOf(payload)).setAuthTag(bytes.subarray(tagAt))
    return Buffer.concat([opening.update(bytes.subarray(nonceLength, tagAt)), opening.final()])
  } catch {
    throw new PayloadError(
      'payload_damaged',
      `it does not decrypt with the key "${id}": it was changed, it belongs to another job, or another key had this id.`,
    )
  }
}

/**
 * Each job has a key of its own: random nonces are safe for 2^32 texts of one key, and a busy runner writes as many within
 * days. This is the single block of HKDF-Expand, which is all of HKDF that a random key needs.
 */
function keyOf({ jobId }: Payload, key: KeyObject): Uint8Array {
  return createHmac('sha256', key).update(`longhaul job ${jobId}\u0001`).digest()
}

function placeOf({ jobId, part }: Payload): Uint8Array {
  return Buffer.from(JSON.stringify([jobId, part]))
}

function readKey(id: string, key: string | Uint8Array): KeyObject {
  if (!isKeyId(id))
    throw new OptionsError(
      'keys',
      `the id ${JSON.stringify(id)} is not 1 to 64 letters, digits, ".", "_" and "-"`,
    )
  const bytes = typeof key === 'string' ? bytesIn(key) : key
  if (bytes.length === 32) return createSecretKey(bytes)
  throw new OptionsError(
    `keys.${id}`,
    'must be 32 random bytes, as bytes, base64 or hex: openssl rand -base64 32',
  )
}

function bytesIn(key: string): Uint8Array {
  return Buffer.from(key, /^[0-9a-f]{64}$/i.test(key) ? 'hex' : 'base64')
}
