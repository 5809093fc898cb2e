import { DomUtils, parseDocument } from 'htmlparser2'

/** What is kept of a page. */
export interface Page {
  /** Without the space around it, and with single spaces; empty when the page has none. */
  readonly title: string
  /** As it was sent. */
  readonly bytes: number
  /** `a` elements with a `href`. */
  readonly links: number
}

export function readPage(body: Uint8Array): Page {
  const document = parseDocument(new TextDecoder().decode(body))
  const title = DomUtils.getElementsByTagName('title', document).find(isOfPage)
  const links = DomUtils.getElementsByTagName('a', document).filter(({ attribs }) => 'href' in attribs)
  return { title: plain(DomUtils.textContent(title ?? [])), bytes: body.byteLength, links: links.length }
}

/** A drawing in the page may have a title too. */
function isOfPage({ parent }: { parent: object | null }): boolean {
  return !(parent && 'name' in parent && parent.name === 'svg')
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
