// Runs a command in each published package, and stops at the first that fails: `node scripts/in-published.mjs publint`.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { publishedPackages, root } from './workspace.mjs'

const [command = '', ...args] = process.argv.slice(2)
const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`

for (const { name, folder } of publishedPackages()) {
  console.log(`${name}: ${command}`)
  const env = { ...process.env, PATH: path }
  const { status } = spawnSync(command, args, { cwd: join(root, folder), env, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
