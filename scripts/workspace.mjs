// What the tooling knows of the workspace, read from the folders so that a new package is seen by itself.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const root = dirname(import.meta.dirname)

/** The private export condition that leads to a package's TypeScript sources. */
export const sourceCondition = '@longhaul/source'

/**
 * @typedef {{ name: string, folder: string, private?: boolean, exports: Record<string, any> }} Package
 * The folder is relative to the root.
 */

/** Every published package. */
export function publishedPackages() {
  return allPackages().filter(manifest => !manifest.private)
}

/** @returns {Package[]} */
function allPackages() {
  return [...foldersIn('packages'), ...foldersIn('packages').flatMap(foldersIn)]
    .filter(folder => existsSync(join(root, folder, 'package.json')))
    .map(folder => ({ folder, ...JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) }))
}

/** The source files that other packages may import, relative to the root. */
export function publicSources() {
  return allPackages().flatMap(({ folder, exports }) =>
    Object.values(exports)
      .flatMap(entry => entry[sourceCondition] ?? [])
      .map(source => join(folder, source)),
  )
}

/**
 * Every file of the project, committed or about to be.
 * @returns {{ file: string, text: string }[]} files are relative to the root
 */
export function projectFiles() {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  return execFileSync('git', list, { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter(file => file !== '' && existsSync(join(root, file)))
    .map(file => ({ file, text: readFileSync(join(root, file), 'utf8') }))
}

/** @param {string} folder */
function foldersIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => `${folder}/${entry.name}`)
}
