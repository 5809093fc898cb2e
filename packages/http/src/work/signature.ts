import { createHmac } from 'node:crypto'
import { isOneOf, type Secrets, secretsIn } from '../access/secrets.js'
import type { HandOverCall } from './options.js'

/** The header of a call that the app makes to itself. */
export const handOverHeader = 'longhaul-hand-over'

/** How long a call is good for: it is on its way for less than that. */
export const goodForMs = 60_000

/** Room for two clocks that differ. */
const skewMs = 60_000

/**
 * `v1.<id>.<depth>.<expiry>.<signature>`, signed with HMAC-SHA-256 over all before it (RFC 2104). It says no more than "work
 * now", so whoever reads one can do no more than that, and once.
 */
export function sign({ id, depth }: HandOverCall, secrets: Secrets, now: number): string {
  const [secret = ''] = secretsIn(secrets)
  const text = `v1.${id}.${depth}.${now + goodForMs}`
  return `${text}.${hmac(text, secret)}`
}

/** `undefined` for what is not signed by one of the secrets, or is too old. */
export function verify(header: string | null, secrets: Secrets, now: number): HandOverCall | undefined {
  const [, text, id, depth, expiry, signature] = shape.exec(header ?? '') ?? []
  if (text === undefined || id === undefined) return undefined
  const isSigned = isOneOf(
    secretsIn(secrets).map(secret => hmac(text, secret)),
    signature,
  )
  const leftMs = Number(expiry) - now
  if (!isSigned || leftMs <= 0 || leftMs > goodForMs + skewMs) return undefined
  return { id, depth: Number(depth) }
}

const shape = /^(v1\.([\w-]{1,64})\.(\d{1,9})\.(\d{1,16}))\.([\w-]{43})$/

function hmac(text: string, secret: string): string {
  return createHmac('sha256', secret).update(`longhaul hand-over ${text}`).digest('base64url')
}
