import { spawnSync } from 'node:child_process'
import { describe, expect, it, onTestFinished } from 'vitest'
import { canStart, type RedisOptions, startRedis } from '../src/index.js'
import { problemOf } from '../src/process/problem.js'
import { call } from '../src/redis/call.js'

async function setup(options: RedisOptions = {}) {
  const server = await startRedis(options)
  onTestFinished(() => server.close())
  return server
}

describe.skipIf(!canStart('redis'))('a Redis of its own', () => {
  it.each(['shutdown', 'kill'] as const)('with an append-only file forgets nothing at a %s', async how => {
    const server = await setup({ appendonly: true })
    await call(server.url, ['set', 'key', 'value'])

    await server.stop(how)
    await expect(call(server.url, ['ping'])).rejects.toThrow('Connection is closed')
    await server.start()

    expect(await call(server.url, ['get', 'key'])).toBe('value')
  })

  it('without one forgets everything', async () => {
    const server = await setup()
    await call(server.url, ['set', 'key', 'value'])

    await server.stop()
    await server.start()

    expect(await call(server.url, ['get', 'key'])).toBeNull()
  })

  it('comes back after it ended by itself', async () => {
    const server = await setup()
    await call(server.url, ['shutdown', 'nosave']).catch(() => {})
    await expect.poll(() => problemOf(call(server.url, ['ping']))).toBeDefined()

    await server.start()

    expect(await call(server.url, ['ping'])).toBe('PONG')
  })

  it('comes back although nobody here has noticed yet that it ended', async () => {
    const server = await setup()
    const shutdown = spawnSync('redis-cli', ['-p', `${server.port}`, 'shutdown', 'nosave'])
    expect(shutdown.error).toBeUndefined()

    await server.start()

    expect(await call(server.url, ['ping'])).toBe('PONG')
  })

  it('runs with the settings asked for', async () => {
    const server = await setup({ settings: { 'maxmemory-policy': 'allkeys-lru' } })

    expect(String(await call(server.url, ['info', 'memory']))).toContain('maxmemory_policy:allkeys-lru')
  })

  it('that can not start says why', async () => {
    await expect(setup({ settings: { 'no-such-setting': '1' } })).rejects.toThrow('Bad directive')
  })
})
