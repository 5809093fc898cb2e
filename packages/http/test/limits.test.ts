import { expect, it } from 'vitest'
import { jsonOf, setup } from './setup.js'

it('a body that says it is too large is refused unread', async () => {
  const { ask } = setup({ maxBodyBytes: 100 })
  const response = await ask('POST', '/jobs/measure', { body: { input: { text: 'a'.repeat(200) } } })
  expect(await jsonOf(response)).toMatchObject({ status: 413, code: 'body_too_large' })
})

it('a body that goes on and on is cut off at the limit', async () => {
  const { handler } = setup({ maxBodyBytes: 1_000 })
  let sent = 0
  const body = new ReadableStream({
    pull(controller) {
      sent += 100
      controller.enqueue(new Uint8Array(100).fill(32))
    },
  })
  const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } }

  const response = await handler(new Request('http://app.test/api/jobs/jobs/measure', init as RequestInit))

  expect(response.status).toBe(413)
  expect(sent).toBeLessThan(1_500)
})

it('a body that does not come is waited for ten seconds', async () => {
  const { handler, clock } = setup()
  const init = {
    method: 'POST',
    body: new ReadableStream(),
    duplex: 'half',
    headers: { 'content-type': 'application/json' },
  }
  const answer = handler(new Request('http://app.test/api/jobs/jobs/measure', init as RequestInit))

  await clock.advance(10_000)

  expect((await answer).status).toBe(408)
})

it.each(['{"input":', '[1', '\u0000', '{"input":{}}x'])('%j is no JSON', async body => {
  const { ask } = setup()
  expect(await jsonOf(ask('POST', '/jobs/measure', { body }))).toMatchObject({
    status: 400,
    code: 'invalid_json',
  })
})

it.each(['null', '[]', '"text"', '7', '{}'])('%s is no job', async body => {
  const { ask } = setup()
  expect((await ask('POST', '/jobs/measure', { body })).status).toBe(400)
})

it('an error stays below a kilobyte, whatever was sent', async () => {
  const { ask } = setup()
  const long = 'x'.repeat(50_000)
  const tags = Array.from({ length: 100 }, () => 7)
  const errors = await Promise.all([
    ask('POST', '/jobs/measure', { body: { input: { text: long }, tags } }),
    ask('POST', `/jobs/${'y'.repeat(400)}`, { body: { input: 1 } }),
    ask('POST', '/jobs/measure', { body: { input: { text: long }, [long]: 1 } }),
    ask('GET', `/jobs?after=${'z'.repeat(5_000)}`),
    ask('GET', `/jobs?${Array.from({ length: 9 }, () => 'fields=a,b').join('&')}`),
  ])
  for (const error of errors) {
    const text = await error.text()
    expect(error.status).toBeGreaterThanOrEqual(400)
    expect(text.length).toBeLessThan(1_024)
  }
})
