import { describe, expect, test } from 'vitest'
import { delay, hang, stall } from '../../src/fake/index.js'
import { failureOf, inTime, setup } from '../support.js'

describe('a call that takes too long', () => {
  test.each([
    ['never answers', hang()],
    ['sends headers and no body', stall()],
    ['answers too late', delay(30_001)],
  ])('ends as a timeout after 30 seconds when the server %s', async (_, fault) => {
    const { clock, client } = setup({ faults: [{ fault }] })
    const startedAt = clock.now()
    const failure = await failureOf(inTime(clock, client.getJob('W00001')))

    expect(failure).toMatchObject({ code: 'timeout', retryable: true, status: 504 })
    expect(clock.now() - startedAt).toBe(30_000)
  })

  test('may be a slower list', async () => {
    const { clock, client } = setup({ faults: [{ fault: delay(44_000) }] })
    expect(await inTime(clock, client.listJobs())).toMatchObject({ found: 98 })
  })
})

test('a body above the limit is refused', async () => {
  const { clock, client } = setup({}, { maxBodyBytes: 500 })
  const failure = await failureOf(inTime(clock, client.listJobs()))
  expect(failure).toMatchObject({ code: 'upstream_bad_response', scope: 'run', retryable: false })
})

test('an abort from outside rejects with its own reason', async () => {
  const { client } = setup({ faults: [{ fault: hang() }] })
  const stop = new AbortController()
  const work = failureOf(client.getJob('W00001', { signal: stop.signal }))
  const reason = new Error('deploy')
  stop.abort(reason)
  expect(await work).toBe(reason)
})

test('an aborted signal makes no call', async () => {
  const { client, fake } = setup()
  const reason = new Error('stopped before')
  expect(await failureOf(client.getJob('W00001', { signal: AbortSignal.abort(reason) }))).toBe(reason)
  expect(fake.calls).toHaveLength(0)
})

test('a client without a token is not made', async () => {
  expect(() => setup({}, { apiToken: '' })).toThrowError(
    expect.objectContaining({ code: 'credentials_missing' }),
  )
})
