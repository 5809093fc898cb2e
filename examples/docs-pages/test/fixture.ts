import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { hashOfTitles } from '../src/proof/hash.js'

/** Writes a small tree of pages, with what a hasty reader of HTML gets wrong, and tells what it holds. */
export function writeTree(pages: number) {
  const folder = mkdtempSync(join(tmpdir(), 'docs-pages-tree-'))
  const bodies = Array.from({ length: pages }, (_, index) => pageOf(index, index % 7))
  for (const [index, body] of bodies.entries()) write(join(folder, pathOf(index)), body)
  write(join(folder, 'style.css'), 'a[href] { color: blue }')
  return {
    folder,
    pages,
    bytes: bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0),
    links: bodies.reduce((sum, _, index) => sum + (index % 7), 0),
    titles: hashOfTitles(bodies.map((_, index) => [pathOf(index), titleOf(index)])),
  }
}

function pathOf(index: number): string {
  return index % 3 === 0 ? `page ${index}.html` : `chapter-${index % 3}/größe-${index}.html`
}

/** As a person reads it. */
function titleOf(index: number): string {
  return index % 5 === 0 ? '' : `Größe & Page ${index} <b>`
}

function pageOf(index: number, links: number): string {
  const title = index % 5 === 0 ? '' : `<title>\n  Größe &amp; Page\t${index} &lt;b&gt; </title>`
  const anchors = Array.from({ length: links }, (_, to) => `<a class="x" href="page${to}.html">to ${to}</a>`)
  return `<!doctype html><html><head>${title}</head><body>
    <!-- <a href="commented.html"> --><a id="here"></a>
    <script>document.write('<a href="written.html">')</script>
    <svg><title>A drawing</title></svg>
    ${anchors.join('\n')}</body></html>`
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
