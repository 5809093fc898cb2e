import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../../scripts/workspace.mjs'

const page = readFileSync(join(root, 'docs/guarantees.md'), 'utf8')

/** Each line that names proofs, as a file and the sentences in it. */
const proofs = [...page.matchAll(/^- \[[^\]]+\]\(([^)]+)\): (.+)$/gm)].map(([, file = '', names = '']) => ({
  file,
  names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
}))

const promises = page.split(/^## /m).slice(1, -1)

it.each(promises.map(text => [text.split('\n')[0], text] as const))('%s names a proof', (_, text) => {
  expect(text).toMatch(/^- \[[^\]]+\]\([^)]+\): `/m)
})

it.each(proofs.flatMap(({ file, names }) => names.map(name => [name, file] as const)))(
  '"%s" is a test in %s',
  (name, file) => {
    const path = join(root, 'docs', file)
    expect(existsSync(path)).toBe(true)
    expect(readFileSync(path, 'utf8')).toContain(name)
  },
)
