import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { onPostgres } from './postgres.js'
import { onRedis, redisOnPath } from './redis.js'
import { report, type VersionResult } from './report.js'

const { values } = parseArgs({
  options: {
    postgres: { type: 'string', default: '13,14,15,16,17,18' },
    redis: { type: 'string' },
    tests: { type: 'string', default: '' },
  },
})
const listed = (text: string) => text.split(',').filter(each => each !== '')

const folder = await mkdtemp(join(tmpdir(), 'longhaul-versions-'))
await chmod(folder, 0o755) // Postgres runs as a user without rights
const results: VersionResult[] = []
const options = { folder, tests: values.tests }
try {
  for (const major of listed(values.postgres)) results.push(await onPostgres(major, options))
  const programs = values.redis === undefined ? redisOnPath() : listed(values.redis)
  for (const program of programs) results.push(await onRedis(program, options))
} finally {
  console.log(report(results))
  await rm(folder, { recursive: true })
}
process.exitCode = results.every(({ failed }) => failed.length === 0) ? 0 : 1
