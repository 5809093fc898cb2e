import { createHash, timingSafeEqual } from 'node:crypto'
import { OptionsError } from '@longhaul/core'

/** One secret, or several during a rotation. What is empty or `undefined` fits nothing: an unset variable lets nobody in. */
export type Secrets = string | undefined | readonly (string | undefined)[]

export function secretsIn(given: Secrets): readonly string[] {
  const all = typeof given === 'string' || given === undefined ? [given] : given
  return all.filter((secret): secret is string => secret !== undefined && secret !== '')
}

/** @throws {OptionsError} for one that no header can bring: then nobody would ever get in, and nobody would know why. */
export function checkSecrets(secrets: Secrets): void {
  if (secretsIn(secrets).every(secret => /^[!-~]+$/.test(secret))) return
  throw new OptionsError(
    'secrets',
    'take visible ASCII characters alone: no space, and no line break at the end',
  )
}

/** Takes as long for a wrong text as for a right one, whatever their lengths. */
export function isOneOf(secrets: Secrets, presented: string | undefined): boolean {
  if (presented === undefined) return false
  const digest = digestOf(presented)
  const fits = secretsIn(secrets).map(secret => timingSafeEqual(digestOf(secret), digest))
  return fits.includes(true)
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** What carries headers: a request of the web, or one of `node:http` and the frameworks on it. */
export interface Bearing {
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
}

/** The token of `Authorization: Bearer …`. */
export function bearerOf({ headers }: Bearing): string | undefined {
  const given = headers instanceof Headers ? headers.get('authorization') : headers.authorization
  return typeof given === 'string' ? /^Bearer ([^\s]+)$/i.exec(given)?.[1] : undefined
}
