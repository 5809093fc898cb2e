import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const here = join(import.meta.dirname, '..', 'packages')
const folders = {
  core: 'core',
  sqlite: 'stores/sqlite',
  postgres: 'stores/postgres',
  redis: 'stores/redis',
}

/** A built package of longhaul: of this checkout, or of the `packages` folder of another one. */
export function longhaul(name, packages = here) {
  return import(entry(name, packages))
}

export function entry(name, packages = here) {
  return pathToFileURL(join(resolve(packages), folders[name], 'dist/index.js')).href
}

const requireBesideStore = createRequire(join(here, folders.sqlite, 'package.json'))

/** The driver that the workspace has built already; both sides use the same. */
export function loadSqliteDriver() {
  return requireBesideStore('better-sqlite3')
}

export function sqliteDriverFile() {
  return requireBesideStore.resolve('better-sqlite3')
}
