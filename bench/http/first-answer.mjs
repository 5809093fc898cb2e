// How long a fresh process takes to its first answer, beside how long peers take to be imported at all. The built dist is
// measured: `npm run build` first. Peers that are not installed are left out.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const rounds = 15
const packages = join(import.meta.dirname, '../../packages')
const dist = folder => pathToFileURL(join(packages, folder, 'dist/index.js')).href

const firstAnswer = `
  const { createRunner, memoryStore } = await import('${dist('core')}')
  const { createHandler } = await import('${dist('http')}')
  const runner = createRunner({ store: memoryStore(), processors: [] })
  const handler = createHandler(runner, { authorize: () => ({ roles: ['admin'], tenant: null }) })
  const { status } = await handler(new Request('http://localhost/stats'))
  if (status !== 200) throw new Error(String(status))`

const contestants = {
  'node itself': '',
  'longhaul: core imported': `await import('${dist('core')}')`,
  'longhaul: core and http imported, one request answered': firstAnswer,
  'bullmq imported': "await import('bullmq')",
  'pg-boss imported': "await import('pg-boss')",
  'graphile-worker imported': "await import('graphile-worker')",
  'inngest imported': "await import('inngest')",
}

const measured = `const from = performance.now(); CODE; console.log(performance.now() - from)`

async function once(code) {
  const args = ['--input-type=module', '--eval', measured.replace('CODE', code)]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: join(import.meta.dirname, '..'),
  })
  return Number(stdout.trim().split('\n').at(-1))
}

const times = new Map(Object.keys(contestants).map(name => [name, []]))
for (let round = 0; round <= rounds; round++) {
  for (const [name, code] of Object.entries(contestants)) {
    const ms = await once(code).catch(() => undefined)
    if (ms !== undefined && round > 0) times.get(name).push(ms)
  }
}

const median = list => list.sort((a, b) => a - b)[list.length >> 1]
console.table(
  Object.fromEntries(
    [...times]
      .filter(([, all]) => all.length > 0)
      .map(([name, all]) => [name, { 'ms (median)': Math.round(median(all)) }]),
  ),
)
