/** Where a page begins: nothing, or behind the page before. */
type Place = { readonly after?: string }

/** All pages, each as its store gave it but for the opaque name of the next. */
export async function everyPage<Page extends { readonly next: string | null }>(
  read: (place: Place) => Promise<Page>,
): Promise<Omit<Page, 'next'>[]> {
  const pages: Omit<Page, 'next'>[] = []
  for (let place: Place | undefined = {}; place; ) {
    const { next, ...page }: Page = await read(place)
    pages.push(page)
    place = next === null ? undefined : { after: next }
  }
  return pages
}
