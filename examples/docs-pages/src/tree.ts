import { readdir } from 'node:fs/promises'
import { sep } from 'node:path'

/** The HTML files below `folder`: paths with forward slashes, in the order that the walk keeps. */
export async function htmlFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  return names
    .filter(name => name.endsWith('.html'))
    .map(name => name.replaceAll(sep, '/'))
    .sort()
}

/** The next of them behind `path`, `null` at the start. */
export async function htmlFilesAfter(folder: string, path: string | null, limit: number): Promise<string[]> {
  const files = await htmlFiles(folder)
  const behind = path === null ? files : files.filter(file => file > path)
  return behind.slice(0, limit)
}
