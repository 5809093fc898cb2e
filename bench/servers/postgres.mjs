import { spawn, spawnSync } from 'node:child_process'
import { chownSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import pg from 'pg'

/** The server of `--postgres-url`, or one of its own from the `postgres` on the PATH, with its usual settings. */
export async function startPostgres(dir, { 'postgres-url': given }) {
  const { url, stop } = given ? { url: given, stop: async () => {} } : await startOwn(dir)
  const ask = async text => {
    const client = new pg.Client(url)
    await client.connect()
    return client.query(text).finally(() => client.end())
  }
  const { rows } = await ask(
    `select current_setting('server_version') as version, current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`,
  )
  const [{ version, fsync, commit }] = rows
  let trials = 0
  return {
    url,
    stop,
    durability: `PostgreSQL ${version}, fsync = ${fsync}, synchronous_commit = ${commit}`,
    freshTarget: async () => {
      await ask(dropAllSql)
      return `trial_${++trials}`
    },
  }
}

const dropAllSql = `
  do $$ declare name text; begin
    for name in select nspname from pg_namespace where nspname like 'trial\\_%' loop
      execute format('drop schema %I cascade', name);
    end loop;
  end $$`

async function startOwn(dir) {
  const bin = dirname(realpathSync(spawnSync('which', ['postgres'], { encoding: 'utf8' }).stdout.trim()))
  const account = unprivileged(dir)
  const data = join(dir, 'data')
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8'],
    account,
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: dir,
    shared_preload_libraries: 'pg_stat_statements',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...args], { ...account, stdio: 'ignore' })
  const url = `postgres://bench@127.0.0.1:${port}/postgres`
  await answering(url)
  return { url, stop: () => stopped(server) }
}

/** Postgres refuses to run as root. */
function unprivileged(dir) {
  if (process.getuid() !== 0) return {}
  const id = flag => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  const account = { uid: id('-u'), gid: id('-g') }
  chownSync(dir, account.uid, account.gid)
  return account
}

async function answering(url) {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client(url)
    try {
      await client.connect()
      return await client.end()
    } catch (error) {
      if (tries === 100) throw error
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
}

/** SIGINT is its fast shutdown. */
function stopped(server) {
  return new Promise(resolve => {
    server.on('exit', resolve)
    server.kill('SIGINT')
  })
}

export function freePort() {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
