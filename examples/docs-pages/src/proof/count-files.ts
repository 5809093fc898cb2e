import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { type DefaultTreeAdapterTypes, html, parse } from 'parse5'
import type { Found } from './compare.js'
import { hashOfTitles } from './hash.js'

type Node = DefaultTreeAdapterTypes.Node

interface Counted {
  readonly path: string
  readonly bytes: number
  readonly links: number
  readonly title: string
}

/** What a walk should have found, from the files on the disk: no server, no store, and another parser. */
export function countFiles(folder: string): Found {
  const pages = filesBelow(folder).map(file => countFile(folder, file))
  const sum = (of: 'bytes' | 'links') => pages.reduce((total, page) => total + page[of], 0)
  const titles = hashOfTitles(pages.map(({ path, title }) => [path, title]))
  return { pages: pages.length, bytes: sum('bytes'), links: sum('links'), titles }
}

function filesBelow(folder: string): string[] {
  const below = (entry: Dirent) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : /\.html$/.test(path) ? [path] : []
  }
  return readdirSync(folder, { withFileTypes: true }).flatMap(below)
}

function countFile(folder: string, file: string): Counted {
  const content = readFileSync(file)
  const elements = elementsOf(parse(content.toString()))
  const links = elements.filter(({ tagName, attrs }) => tagName === 'a' && attrs.some(isHref)).length
  const title = textOf(elements.find(isTitle))
  return { path: relative(folder, file).split(sep).join('/'), bytes: content.length, links, title }
}

function elementsOf(node: Node): DefaultTreeAdapterTypes.Element[] {
  const below = 'childNodes' in node ? node.childNodes.flatMap(elementsOf) : []
  return 'tagName' in node ? [node, ...below] : below
}

function isHref({ name }: { name: string }): boolean {
  return name === 'href'
}

function isTitle({ tagName, namespaceURI }: DefaultTreeAdapterTypes.Element): boolean {
  return tagName === 'title' && namespaceURI === html.NS.HTML
}

function textOf(element: DefaultTreeAdapterTypes.Element | undefined): string {
  const texts = element?.childNodes.map(child => ('value' in child ? child.value : '')) ?? []
  return texts.join('').split(/\s+/).filter(Boolean).join(' ')
}
