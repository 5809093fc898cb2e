import { randomUUID } from 'node:crypto'
import { createClient } from '@longhaul/http/client'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executable, launch } from './chromium.js'
import { build, start } from './next.js'

const noServer = process.env.TEST_POSTGRES_URL_MISSING !== undefined
const databaseUrl = process.env.TEST_POSTGRES_URL ?? ''
const schema = `next_${randomUUID().slice(0, 8)}`
const [token, cronSecret] = ['a-token-for-the-tests', 'a-secret-for-cron']
const authorization = `Bearer ${token}`

describe.skipIf(noServer)('the app, built and served by Next', () => {
  let app: Awaited<ReturnType<typeof start>>

  beforeAll(async () => {
    await build()
    app = await start({
      ...{ DATABASE_URL: databaseUrl, DATABASE_SCHEMA: schema },
      ...{ API_TOKEN: token, CRON_SECRET: cronSecret },
    })
  }, 180_000)

  afterAll(async () => {
    await app?.stop()
    const client = new pg.Client(databaseUrl)
    await client.connect()
    await client.query(`drop schema if exists ${schema} cascade`)
    await client.end()
  })

  const clientOf = (path: string) => createClient({ url: app.url + path, headers: { authorization } })

  function enqueue(path: string, products: number) {
    return fetch(`${app.url}${path}/jobs/refresh-prices`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ input: { products } }),
    })
  }

  test('answers 202 before a job has run, works it behind the answer, and tells of it to its end', async () => {
    const asked = await enqueue('/api/jobs', 30)
    const { id, state } = (await asked.json()) as { id: string; state: string }
    expect([asked.status, state, asked.headers.get('location')]).toEqual([
      202,
      'waiting',
      `/api/jobs/jobs/${id}`,
    ])

    const client = clientOf('/api/jobs')
    const seen = []
    for await (const job of client.watch(id)) seen.push(job)
    expect(seen.length).toBeGreaterThan(1)
    const end = { state: 'completed', counters: { refreshed: 30, dearer: 7 }, progress: { percent: 100 } }
    expect(seen.at(-1)).toMatchObject(end)
    expect(await client.get(id)).toMatchObject(end)
  })

  test('leaves to cron what the pages router was asked for, which has no "after"', async () => {
    const asked = await enqueue('/api/pages-jobs', 3)
    const { id } = (await asked.json()) as { id: string }
    expect([asked.status, asked.headers.get('location')]).toEqual([202, `/api/pages-jobs/jobs/${id}`])
    const client = clientOf('/api/pages-jobs')
    expect(await client.get(id)).toMatchObject({ state: 'waiting' })

    const work = await fetch(`${app.url}/api/pages-jobs/work`, { headers: bearer(cronSecret) })
    expect([work.status, await work.json()]).toEqual([200, { slices: 1, dueInMs: null, handedOver: false }])
    expect(await client.get(id)).toMatchObject({ state: 'completed', counters: { refreshed: 3 } })
  })

  test('lets cron start work that goes on behind the answer', async () => {
    const { id } = (await (await enqueue('/api/pages-jobs', 3)).json()) as { id: string }
    const work = await fetch(`${app.url}/api/jobs/work`, { headers: bearer(cronSecret) })
    expect([work.status, await work.json()]).toEqual([202, { working: true }])
    await expect.poll(async () => (await clientOf('/api/jobs').get(id)).state).toBe('completed')
  })

  test('lets nobody in without the token, and nobody ask for work without the secret', async () => {
    const strangers = [{}, bearer(cronSecret), { cookie: 'session=' }, { cookie: `session=${token}` }]
    for (const headers of strangers) {
      expect((await fetch(`${app.url}/api/jobs/jobs`, { headers })).status).toBe(401)
      expect((await fetch(`${app.url}/api/pages-jobs/jobs`, { headers })).status).toBe(401)
    }
    for (const headers of [{}, bearer(token)]) {
      expect((await fetch(`${app.url}/api/jobs/work`, { headers })).status).toBe(401)
    }
  })

  test('asks a person for the token first', async () => {
    const page = await fetch(app.url)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Sign in')])
    const signIn = await fetch(`${app.url}/session`, {
      method: 'POST',
      body: new URLSearchParams({ token: 'no' }),
    })
    expect(signIn.status).toBe(401)
  })

  test.skipIf(!executable)('shows a person how far a job is, until it has ended', async () => {
    const browser = await launch()
    try {
      const page = await browser.newPage()
      await page.goto(app.url)
      await page.getByLabel('Token').fill(token)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('button', { name: 'Refresh 60 prices' }).click()
      const shown: number[] = []
      await expect
        .poll(async () => {
          shown.push(Number.parseInt((await page.locator('output').textContent()) ?? '', 10))
          return page.locator('[data-state]').textContent()
        })
        .toBe('completed')
      expect(shown.some(percent => percent > 0 && percent < 100)).toBe(true)
      expect(await page.locator('output').textContent()).toBe('100 %')
      expect(await page.getByText('60 refreshed, 15 dearer').count()).toBe(1)
    } finally {
      await browser.close()
    }
  })
})

function bearer(secret: string) {
  return { authorization: `Bearer ${secret}` }
}
