import { createRunner, defineProcessor, memoryStore } from '@longhaul/core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { createHandler } from '../src/index.js'
import { anybody, jsonOf, setup } from './setup.js'

/** Shaped like the secrets of well-known services, and no secrets. */
const secrets = [
  'Bearer abcdef1234567890abcdef',
  `sk_live_${'a1B2'.repeat(6)}`,
  `ghp_${'a1B2'.repeat(9)}`,
  `AKIA${'A1B2'.repeat(4)}`,
  `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${'a1B2'.repeat(8)}`,
  'postgres://user:hunter2secret@db.example/app',
  'https://api.example/?api_key=a1B2c3D4e5F6g7H8',
  'password=hunter2secret',
]

const careless = defineProcessor({
  name: 'careless',
  input: z.object({ secret: z.string() }),
  retry: { attempts: 1 },
  run({ input, log }) {
    log.info(`calling with ${input.secret}`)
    throw new Error(`refused: ${input.secret}`, { cause: new Error(input.secret) })
  },
})

it.each(secrets)('no answer shows %s, wherever a job came by it', async secret => {
  const runner = createRunner({ store: memoryStore(), processors: [careless] })
  const handler = createHandler(runner, { authorize: () => anybody, show: ['stack'] })
  const { id } = await runner.enqueue('careless', { secret })
  await runner.work()

  for (const path of [
    '/jobs',
    `/jobs/${id}`,
    `/jobs/${id}/logs`,
    `/jobs/${id}/items`,
    `/jobs/${id}/events`,
    '/metrics',
  ]) {
    const text = await (await handler(new Request(`http://app.test${path}`))).text()
    const worst = secret.replace(/^.*[ :=/.](?=[^ :=/.]{12,})/, '').slice(0, 14)
    expect(text).not.toContain(worst)
  }
})

it('a thousand requests of ten tenants at once get nothing of each other', async () => {
  const { runner, handler } = setup({
    authorize: ({ headers }) => ({ roles: ['admin'], tenant: headers.get('x-tenant') }),
  })
  for (let tenant = 0; tenant < 10; tenant++) {
    await runner.enqueue(
      'measure',
      { text: 'a' },
      { tenant: `tenant-${tenant}`, group: 'g', tags: [`of-${tenant}`] },
    )
  }
  const ask = async (call: number) => {
    const headers = { 'x-tenant': `tenant-${call % 10}` }
    const path = ['/jobs', '/groups/g', '/stats', '/jobs?group=g'][call % 4]
    return (await handler(new Request(`http://app.test/api/jobs${path}`, { headers }))).text()
  }

  const texts = await Promise.all(Array.from({ length: 1_000 }, (_, call) => ask(call)))

  for (const [call, text] of texts.entries()) {
    const others = [...text.matchAll(/(?:tenant|of)-(\d)/g)].filter(
      ([, digit]) => Number(digit) !== call % 10,
    )
    expect(others).toEqual([])
  }
})

it('line breaks in what a job is named split no header and no line', async () => {
  const { ask, runner } = setup()
  const nasty = 'a\r\nset-cookie: x=1'
  const { id } = await runner.enqueue('measure', { text: nasty }, { key: nasty, tags: [nasty] })

  const response = await ask('GET', `/jobs/${id}`)

  expect(response.headers.get('set-cookie')).toBeNull()
  expect((await jsonOf(response)).key).toBe(nasty)
  const list = await (await ask('GET', `/jobs?fields=key&tag=${encodeURIComponent(nasty)}`)).text()
  expect(list.split(/[\r\n]/)).toHaveLength(1)
})

it.each(['a', ' ', '.', ',', '"', 'v1.', '%41', 'Bearer '])(
  'no header made of %j a hundred thousand times holds anything up',
  async part => {
    const { ask } = setup({ work: { secrets: 'a-secret-of-16-or-more' } })
    const long = part.repeat(100_000 / part.length)
    const headers = {
      authorization: long,
      'if-none-match': long,
      'longhaul-hand-over': long,
      origin: long,
      cookie: long,
    }
    for (const path of ['/jobs', '/work', `/jobs?after=${long.slice(0, 10_000)}`]) {
      expect((await ask('POST', path, { headers })).status).toBeGreaterThanOrEqual(400)
    }
  },
)
