import { createHash } from 'node:crypto'

/** What changes by itself while nothing happens: an estimate as time goes by, a lease as it is renewed. */
const fleeting = { eta: null, dueAt: null, dueInMs: null }

/** Names what a view says: equal as long as nothing happened. It serves as ETag and as the id of an event. */
export function versionOf(view: object): string {
  const text = JSON.stringify({ ...view, ...fleeting })
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

/** Weak, as what is fleeting may differ. */
export function etagOf(view: object): string {
  return `W/"${versionOf(view)}"`
}

export function isKnown({ headers }: Request, etag: string): boolean {
  const known = (headers.get('if-none-match') ?? '').split(',').map(tag => tag.trim())
  return known.includes(etag) || known.includes('*')
}
