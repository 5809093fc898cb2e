// Installs redis-server for the tests of the Redis store, where that takes no question: as root, with apt.
// Never fails: without it those tests look for a server elsewhere, or are skipped by name.
import { spawnSync } from 'node:child_process'

const limitMs = 120_000
const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }

/** @param {string[]} args */
const succeeds = (command, ...args) =>
  spawnSync(command, args, { env, stdio: 'ignore', timeout: limitMs }).status === 0

const present = () => process.env.TEST_REDIS_URL !== undefined || succeeds('redis-server', '--version')
const allowed = () => process.getuid?.() === 0 && succeeds('apt-get', '--version')
const install = () => succeeds('apt-get', 'install', '--yes', '--no-install-recommends', 'redis-server')

if (!present() && allowed()) {
  console.log('Installing redis-server for the tests (apt-get)')
  if (!install() && !(succeeds('apt-get', 'update') && install())) console.log('That did not work: going on.')
}
