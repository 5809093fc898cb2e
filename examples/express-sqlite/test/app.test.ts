import { describe, expect } from 'vitest'
import { type App, test, token } from './start.js'

describe.concurrent('the app', () => {
  test('answers an import with 202 and where to follow it, and tells of it to its end', async ({
    start,
    expect,
  }) => {
    const app = await start()
    const asked = await app.ask('POST', '/api/jobs/jobs/import-contacts', { input: {} })
    const { id } = (await asked.json()) as { id: string }
    expect([asked.status, asked.headers.get('location')]).toEqual([202, `/api/jobs/jobs/${id}`])

    const seen = await followed(app, id)
    expect(seen.length).toBeGreaterThan(2)
    expect(seen.at(-1)).toMatchObject({
      state: 'completed_with_errors',
      progress: { done: 200, failed: 3, total: 200, percent: 100 },
      counters: { imported: 197 },
      output: { imported: 197 },
    })
  })

  test('lists imports, and the contacts that failed with their reasons', async ({ start, expect }) => {
    const app = await start()
    const { id } = await app.client.enqueue('import-contacts', { from: 100 })
    await followed(app, id)
    expect((await app.client.list({ state: 'completed_with_errors' })).jobs).toMatchObject([{ id }])
    expect((await app.client.items(id)).records).toEqual([
      { key: '171', outcome: 'failed', reason: '"contact171 at example.org" is no address' },
    ])
  })

  test('imports what failed once it is corrected, and nothing twice', async ({ start, expect }) => {
    const app = await start()
    const { id } = await app.client.enqueue('import-contacts', {})
    await followed(app, id)
    for (const contact of [23, 90, 171]) await correct(app, contact)
    await app.client.retry(id, { only: 'failed' })
    expect((await followed(app, id)).at(-1)).toMatchObject({
      state: 'completed',
      counters: { imported: 200 },
    })
    expect(await imported(app)).toEqual({ contacts: 200, calls: 200 })
  })

  test('cancels an import that runs', async ({ start, expect }) => {
    const app = await start({ callsPerSecond: 5 })
    const { id } = await app.client.enqueue('import-contacts', {})
    await expect.poll(async () => (await app.client.get(id)).state).toBe('running')
    await app.client.cancel(id)
    expect((await followed(app, id)).at(-1)).toMatchObject({ state: 'cancelled' })
  })

  test('lets nobody in without the token', async ({ start, expect }) => {
    const { url } = await start()
    const others = [{}, { authorization: 'Bearer another' }, { authorization: token }, { authorization: '' }]
    for (const headers of others) {
      for (const path of ['/api/jobs/jobs', '/api/jobs/work', '/api/contacts/imported']) {
        expect((await fetch(url + path, { headers })).status).toBe(401)
      }
    }
  })

  test.for(['SIGTERM', 'SIGINT'] as const)(
    'stopped by %s, goes on where it was',
    async (signal, { start, expect }) => {
      const before = await start({ callsPerSecond: 50 })
      const { id } = await before.client.enqueue('import-contacts', {})
      const leaving = new AbortController()
      const reader = followed(before, id, leaving.signal)
      await expect.poll(async () => (await imported(before)).contacts).toBeGreaterThan(20)
      expect(await before.stop(signal)).toMatchObject({
        code: 0,
        err: '',
        out: expect.stringMatching(/saved/),
      })
      leaving.abort()
      expect(await reader).not.toEqual([])

      const after = await start()
      const seen = await followed(after, id)
      expect(seen[0]?.progress.done).toBeGreaterThan(20)
      expect(seen.at(-1)).toMatchObject({ state: 'completed_with_errors', counters: { imported: 197 } })
      expect(await imported(after)).toEqual({ contacts: 197, calls: 197 })
    },
  )

  test('does not start without a token', async ({ run, expect }) => {
    expect(await run({ API_TOKEN: '' }).ended).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^Set API_TOKEN .*\n$/),
    })
  })
})

/** The job at each change that its events told of, to the end. */
async function followed({ client }: App, id: string, signal = new AbortController().signal) {
  const seen = []
  for await (const job of client.watch(id, { signal })) seen.push(job)
  return seen
}

async function imported(app: App) {
  const answer = await app.ask('GET', '/api/contacts/imported')
  return (await answer.json()) as { readonly contacts: number; readonly calls: number }
}

async function correct(app: App, id: number): Promise<void> {
  const answer = await app.ask('PUT', `/api/contacts/${id}`, { email: `contact${id}@example.org` })
  expect(answer.status).toBe(200)
}
