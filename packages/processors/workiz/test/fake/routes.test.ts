import { describe, expect, test } from 'vitest'
import { failureOf, inTime, noon, setup } from '../support.js'

async function ask({ clock, fake }: ReturnType<typeof setup>, path: string, init: RequestInit = {}) {
  const answer = await inTime(clock, fake.fetch(`${fake.baseUrl}/${path}`, init))
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
}

function post(fields: Record<string, unknown>): RequestInit {
  return { method: 'POST', body: JSON.stringify(fields) }
}

describe('a path that Workiz does not have', () => {
  test.each(['job/all', 'job/get/W00001', 'timeoff/get/', 'job/note/'])(
    '%s answers 404 and is told',
    async path => {
      const { fake, ...rest } = setup()
      const { status, body } = await ask({ fake, ...rest }, `${fake.token}/${path}`)
      expect([status, body.msg]).toEqual([404, 'Invalid end point'])
      expect(() => fake.assertNoUnexpected()).toThrow(`GET ${path}`)
    },
  )
})

describe('the token', () => {
  test.each(['', 'api_wrong'])('%j is refused with 403', async token => {
    const { status, body } = await ask(setup(), `${token}/job/all/`)
    expect(status).toBe(403)
    expect(body.message).toBe('Invalid API path or malformed API key.')
  })

  test('is in no recorded call', async () => {
    const { clock, fake, client } = setup({ token: 'api_secret' })
    await inTime(clock, client.getJob('W00001'))
    await ask({ clock, fake, client }, 'api_other/job/get/api_other/')

    expect(JSON.stringify(fake.calls)).not.toMatch(/api_secret|api_other/)
    expect(fake.calls[0]).toMatchObject({
      number: 1,
      method: 'GET',
      path: 'job/get/W00001/',
      at: noon,
      authorized: true,
    })
  })
})

describe('a job that is not there', () => {
  test.each([
    [204, 204, null],
    [404, 404, { error: true, code: 404, msg: 'Job not found' }],
    ['empty-array', 200, { flag: true, data: [] }],
    ['flag-false', 200, { flag: false, msg: 'Job not found', code: 200 }],
  ] as const)('is answered as %s', async (goneAs, status, body) => {
    const { fake, ...rest } = setup({ profile: { goneAs } })
    expect(await ask({ fake, ...rest }, `${fake.token}/job/get/G00001/`)).toEqual({ status, body })
  })

  test('may have an answer of its own', async () => {
    const { fake, ...rest } = setup()
    expect(await ask({ fake, ...rest }, `${fake.token}/job/get/G00012/`)).toMatchObject({ status: 404 })
  })
})

describe('an update', () => {
  test('changes the job, when it carries the secret', async () => {
    const { fake, ...rest } = setup({ authSecret: 'sec_1' })
    const { status } = await ask(
      { fake, ...rest },
      `${fake.token}/job/update/`,
      post({ UUID: 'W00001', Status: 'Done', auth_secret: 'sec_1' }),
    )
    expect([status, fake.state.jobs.get('W00001')?.Status]).toEqual([200, 'Done'])
  })

  test.each([
    [401, { UUID: 'W00001' }],
    [400, { UUID: 'X', auth_secret: 'sec_fake' }],
  ])('is refused with %i', async (status, fields) => {
    const { fake, ...rest } = setup()
    expect(await ask({ fake, ...rest }, `${fake.token}/job/update/`, post(fields))).toMatchObject({ status })
  })
})

describe('the limit of Workiz', () => {
  const rate = { burst: 29, refillMs: 700, penaltyMs: 15_000 }

  async function callsUntilRefused(spacingMs: number, most: number): Promise<number> {
    const { clock, client, fake } = setup({ rate })
    for (let made = 0; made < most; made++) {
      const failed = await inTime(clock, client.getJob('W00001')).then(
        () => false,
        () => true,
      )
      if (failed) return fake.calls.length
      await clock.advance(spacingMs)
    }
    return Number.POSITIVE_INFINITY
  }

  test('is never met at one call a second', async () => {
    expect(await callsUntilRefused(1_000, 200)).toBe(Number.POSITIVE_INFINITY)
  })

  test('is met by the 30th call at once', async () => {
    expect(await callsUntilRefused(0, 60)).toBe(30)
  })

  test('is met after about 50 calls by ten every three seconds', async () => {
    expect(await callsUntilRefused(300, 100)).toBeGreaterThanOrEqual(45)
    expect(await callsUntilRefused(300, 100)).toBeLessThanOrEqual(55)
  })

  test('refuses for 15 seconds, without saying so', async () => {
    const { clock, client } = setup({ rate: { ...rate, burst: 1 } })
    await inTime(clock, client.getJob('W00001'))
    const refused = { code: 'rate_limited', retryAfterMs: undefined }
    expect(await failureOf(inTime(clock, client.getJob('W00001')))).toMatchObject(refused)
    await clock.advance(14_999)
    expect(await failureOf(inTime(clock, client.getJob('W00001')))).toMatchObject(refused)
    await clock.advance(1)
    expect(await inTime(clock, client.getJob('W00001'))).toMatchObject({ UUID: 'W00001' })
  })
})
