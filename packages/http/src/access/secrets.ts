import { createHash, timingSafeEqual } from 'node:crypto'

/** One secret, or several during a rotation. What is empty or `undefined` fits nothing: an unset variable lets nobody in. */
export type Secrets = string | undefined | readonly (string | undefined)[]

export function secretsIn(given: Secrets): readonly string[] {
  const all = typeof given === 'string' || given === undefined ? [given] : given
  return all.filter((secret): secret is string => secret !== undefined && secret !== '')
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

/** The token of `Authorization: Bearer …`. */
export function bearerOf({ headers }: Request): string | undefined {
  return /^Bearer ([^\s]+)$/i.exec(headers.get('authorization') ?? '')?.[1]
}
