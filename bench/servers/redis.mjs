import { spawn } from 'node:child_process'
import { Redis } from 'ioredis'
import { freePort } from './postgres.mjs'

/** The server of `--redis-url`, which is flushed, or one of its own from the `redis-server` on the PATH. */
export async function startRedis(dir, { 'redis-url': given }) {
  const { url, stop } = given ? { url: given, stop: async () => {} } : await startOwn(dir)
  const client = new Redis(url)
  client.on('error', () => {}) // until it has started
  const setting = async name => (await client.config('GET', name))[1]
  const version = (await client.info('server')).match(/redis_version:(\S+)/)?.[1]
  const durability = `Redis ${version}, appendonly = ${await setting('appendonly')}, appendfsync = ${await setting('appendfsync')}`
  let trials = 0
  return {
    url,
    durability,
    async freshTarget() {
      await client.flushdb()
      return `trial${++trials}`
    },
    async stop() {
      client.disconnect()
      await stop()
    },
  }
}

async function startOwn(dir) {
  const port = await freePort()
  const settings = { port, bind: '127.0.0.1', dir, appendonly: 'yes', appendfsync: 'everysec', save: '' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const server = spawn('redis-server', args, { stdio: 'ignore' })
  const stop = () =>
    new Promise(resolve => {
      server.on('exit', resolve)
      server.kill()
    })
  return { url: `redis://127.0.0.1:${port}`, stop }
}
