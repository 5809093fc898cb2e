import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { root } from '../workspace.mjs'

const copied = ['packages', 'examples', 'docs', 'scripts', 'tsconfig.base.json', 'tsup.base.ts']
const configs = ['.dependency-cruiser.mjs', '.gitignore', 'biome.json']
const left = new Set(['dist', '.blocks', 'coverage'])

/**
 * Copies the workspace to a new folder and plants files in it: path to content.
 * @returns the folder. Links between packages are kept relative, so they lead to the copies.
 */
export function plant(files: Readonly<Record<string, string>>): string {
  const copy = mkdtempSync(join(tmpdir(), 'longhaul-planted-'))
  for (const name of [...copied, ...configs]) {
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: path => !left.has(basename(path)),
    })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    writeFileSync(join(copy, path), content)
  }
  return copy
}
