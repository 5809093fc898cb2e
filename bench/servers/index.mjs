import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from './postgres.mjs'
import { startRedis } from './redis.mjs'

/**
 * A place for trials to work on: `freshTarget` gives a name that nothing uses yet (a file, a schema, a key prefix),
 * `durability` says what a commit survives there, the same for all contestants.
 */
export async function startServer(store, flags) {
  const dir = mkdtempSync(join(flags.dir ?? tmpdir(), 'longhaul-bench-'))
  const server = await starters[store](dir, flags)
  return {
    ...server,
    async stop() {
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

const starters = {
  sqlite: async (dir, { synchronous }) => {
    let trials = 0
    return {
      durability: `WAL, synchronous = ${synchronous} for all`,
      freshTarget: async () => join(dir, `trial-${++trials}`),
      stop: async () => {},
    }
  },
  postgres: startPostgres,
  redis: startRedis,
}
