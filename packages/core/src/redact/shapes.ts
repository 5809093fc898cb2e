export const mask = '[redacted]'

/**
 * What looks like a secret whatever it is called. Every repetition is bounded, or is consumed where it matches, so that
 * no text takes more than linear time.
 */
const shapes: readonly RegExp[] = [
  // private keys, also those that were cut off
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  // JSON web tokens, signed and encrypted
  /(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*){0,3}/g,
  // AWS, and those that carry the name of who gave them
  /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])(?:gh[opsur]_|github_pat_|glpat-|xox[abeoprs]-|xapp-|[rs]k_(?:live|test)_|whsec_|shp(?:at|ss)_|dop_v1_|ya29\.|AIza)[\w.-]{10,}/g,
  /(?<![A-Za-z0-9])(?:sk-|npm_(?!\w{0,30}_)|hf_|SG\.|pypi-)[\w.-]{20,}/g,
]

/** The part of a match that is kept stands in its first group. */
const withFront: readonly RegExp[] = [
  // credentials in a URL, which may be escaped as in JSON
  /(\b[a-z][a-z0-9+.-]{1,20}:(?:\\?\/){2})[^\s/?#"'`<>\\]{1,1024}(?=@)/gi,
  /(\b(?:Bearer|bearer|BEARER)(?:[ \t:=+]|%20){1,4})[\w.~+/=-]{8,}/g,
  /(\b(?:Basic|basic|BASIC)(?:[ \t:=+]|%20){1,4})(?=[a-z+/]{0,64}[A-Z0-9=])[A-Za-z0-9+/=_-]{8,}/g,
]

export function maskShapes(text: string, more: readonly RegExp[]): string {
  let masked = text
  for (const shape of shapes) masked = masked.replace(shape, mask)
  for (const shape of withFront) masked = masked.replace(shape, `$1${mask}`)
  for (const shape of more) masked = masked.replace(shape, found => (found === '' ? '' : mask))
  return masked
}
