import type { Page } from './store/index.js'

/** Reads page after page, up to the last one. */
export async function* pagesOf<Found extends { readonly next: string | null }>(
  read: (page: Page) => Promise<Found>,
  limit: number,
): AsyncGenerator<Found, void, undefined> {
  for (let after: string | null | undefined; after !== null; ) {
    const found: Found = await read({ limit, ...(after === undefined ? {} : { after }) })
    yield found
    after = found.next
  }
}
