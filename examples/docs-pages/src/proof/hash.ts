import { createHash } from 'node:crypto'

/** The same for the same titles under the same paths, in whatever order they come. */
export function hashOfTitles(titles: readonly (readonly [path: string, title: string])[]): string {
  const lines = titles.map(([path, title]) => `${path}\t${title}\n`).sort()
  return createHash('sha256').update(lines.join('')).digest('hex')
}
