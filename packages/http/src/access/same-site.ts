/** Sent along by a page of the app itself; another site can't add it without asking first. */
export const ownHeader = 'x-longhaul'

/**
 * Whether a request that changes something comes from where it may come from, so that no other site uses the cookies of
 * a person: by what browsers say of themselves (Fetch Metadata, Origin). Who is no browser sends no cookies, or the
 * header `x-longhaul`.
 */
export function isOwnRequest({ url, headers }: Request, origins: readonly string[]): boolean {
  const origin = headers.get('origin')
  if (origin !== null && origins.includes(origin)) return true
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' || site === 'none'
  if (origin !== null) return origin === new URL(url).origin
  return !headers.has('cookie') || headers.has(ownHeader)
}
