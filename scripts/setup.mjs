// Installs the workspace with the pinned pnpm. Needs nothing but Node and npm, and is quick to repeat.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const manifest = path => JSON.parse(readFileSync(join(root, path), 'utf8'))
const { packageManager } = manifest('package.json')

/** The workspace's own pnpm once it is there: faster than npx, and without npm's remarks. */
function pnpmCommand() {
  const own = 'node_modules/pnpm/package.json'
  const installed = existsSync(join(root, own)) && `pnpm@${manifest(own).version}` === packageManager
  return installed ? ['node', 'node_modules/pnpm/bin/pnpm.cjs'] : ['npx', '--yes', packageManager]
}

/**
 * Where no prebuilt addon can be downloaded node-gyp compiles one, and would fetch Node's headers from the
 * network unless it is told where they are. Most installations of Node carry them.
 */
function withNodeHeaders(env) {
  const home = dirname(dirname(process.execPath))
  const found = existsSync(join(home, 'include/node/node_version.h'))
  return found ? { npm_config_nodedir: home, ...env } : env
}

const [command, ...prefix] = pnpmCommand()
const { status } = spawnSync(command, [...prefix, 'install', '--prefer-offline', ...process.argv.slice(2)], {
  cwd: root,
  env: withNodeHeaders(process.env),
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
process.exit(status ?? 1)
