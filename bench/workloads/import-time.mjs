import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const script = `
  const before = process.memoryUsage().rss
  const from = performance.now()
  for (const module of process.argv.slice(1)) await import(module)
  console.log(JSON.stringify({ ms: performance.now() - from, bytes: process.memoryUsage().rss - before }))`

/** How long a fresh process takes to import it, and how much memory that holds. The first import warms the disk. */
export async function importTime({ store, contestant, packages }) {
  const { modules } = await import(`../contestants/${store}.mjs`)
  const names = modules(packages)[contestant]
  await imported(names)
  const { ms, bytes } = await imported(names)
  return { ms, MB: bytes / 2 ** 20 }
}

async function imported(names) {
  const args = ['--input-type=module', '--eval', script, ...names]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: `${import.meta.dirname}/..` })
  return JSON.parse(stdout)
}
