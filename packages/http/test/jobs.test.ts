import { describe, expect, it } from 'vitest'
import { jsonOf, setup } from './setup.js'

const text = (value: string) => ({ input: { text: value } })

describe('enqueueing', () => {
  it('answers 202 at once, with the job and where to follow it', async () => {
    const { ask, runner } = setup()

    const response = await ask('POST', '/jobs/measure', { body: { ...text('hello'), tags: ['a'] } })

    const job = await jsonOf(response)
    expect(response.status).toBe(202)
    expect(response.headers.get('location')).toBe(`/api/jobs/jobs/${job.id}`)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(job).toMatchObject({
      state: 'waiting',
      created: true,
      tags: ['a'],
      statusUrl: `/api/jobs/jobs/${job.id}`,
    })
    expect(await runner.get(job.id)).toMatchObject({ input: { text: 'hello' } })
  })

  it('takes names with a slash, as they are encoded', async () => {
    const { ask } = setup()
    const response = await ask('POST', '/jobs/count%2Fup', { body: { input: { to: 3 } } })
    expect(await jsonOf(response)).toMatchObject({ processor: 'count/up' })
  })

  it('says what does not fit about an input, and stores nothing', async () => {
    const { ask, runner } = setup()

    const response = await ask('POST', '/jobs/measure', { body: { input: { text: 7 } } })

    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await jsonOf(response)).toMatchObject({
      title: 'Bad Request',
      status: 400,
      code: 'invalid_input',
      issues: [{ path: 'text' }],
    })
    expect((await runner.list()).jobs).toEqual([])
  })

  it('answers 409 for a key that is taken, with the job that has it', async () => {
    const { ask } = setup()
    const first = await jsonOf(ask('POST', '/jobs/measure', { body: { ...text('a'), key: 'k' } }))

    const response = await ask('POST', '/jobs/measure', { body: { ...text('b'), key: 'k' } })

    expect(response.status).toBe(409)
    expect(response.headers.get('location')).toBe(`/api/jobs/jobs/${first.id}`)
    expect(await jsonOf(response)).toMatchObject({ code: 'key_taken', jobId: first.id })
  })

  it('answers a call that is repeated with its Idempotency-Key as before', async () => {
    const { ask } = setup()
    const call = () =>
      ask('POST', '/jobs/measure', { body: text('a'), headers: { 'idempotency-key': 'once' } })

    const [first, second] = [await jsonOf(call()), await jsonOf(call())]

    expect(second).toMatchObject({ id: first.id, created: false })
  })

  it.each(['state', 'attempts', 'token', 'tenant', 'lane', 'queue', 'group', 'trigger', 'id', '__proto__'])(
    'takes nobody\'s word for "%s"',
    async name => {
      const { ask, runner } = setup()
      const body = `{"input":{"text":"a"},"${name}":"x"}`

      const response = await ask('POST', '/jobs/measure', { body })

      expect(await jsonOf(response)).toMatchObject({ status: 400, code: 'invalid_body' })
      expect((await runner.list()).jobs).toEqual([])
    },
  )

  it('lets the app refuse a job, and add what the app decides', async () => {
    const { ask } = setup({
      beforeEnqueue({ processor, input }) {
        if (processor === 'measure') return { lane: `of ${(input as { text: string }).text}`, group: 'g' }
        return undefined
      },
    })
    expect(await jsonOf(ask('POST', '/jobs/measure', { body: text('a') }))).toMatchObject({
      lane: 'of a',
      group: 'g',
    })
  })

  it('has no job for a processor that is not there', async () => {
    const { ask } = setup()
    const problem = await jsonOf(ask('POST', '/jobs/nothing', { body: text('a') }))
    expect(problem).toMatchObject({ status: 404, code: 'unknown_processor' })
  })
})

describe('looking', () => {
  it('shows a job with its output, and neither its input nor a stack', async () => {
    const { ask, runner } = setup()
    const done = await runner.enqueue('measure', { text: 'four', secret: 'hidden' })
    const failed = await runner.enqueue('measure', { text: 'fail' })
    await runner.work()

    const [job, other] = await Promise.all([done.id, failed.id].map(id => jsonOf(ask('GET', `/jobs/${id}`))))

    expect(job).toMatchObject({ state: 'completed', output: 4 })
    expect(job).not.toHaveProperty('input')
    expect(other.errors.last).toMatchObject({ message: 'no such text', stack: null })
  })

  it('shows both where the app wants it', async () => {
    const { ask, runner } = setup({ show: ['input', 'stack'] })
    const { id } = await runner.enqueue('measure', { text: 'fail' })
    await runner.work()

    const job = await jsonOf(ask('GET', `/jobs/${id}`))

    expect(job.input).toEqual({ text: 'fail' })
    expect(job.errors.last.stack).toContain('Error: no such text')
  })

  it('answers 304 until something happens', async () => {
    const { ask, runner, clock } = setup()
    const { id } = await runner.enqueue('measure', { text: 'a' })
    const etag = (await ask('GET', `/jobs/${id}`)).headers.get('etag') ?? ''
    const again = () => ask('GET', `/jobs/${id}`, { headers: { 'if-none-match': etag } })

    await clock.advance(1_000)
    const before = await again()
    await runner.work()
    const after = await again()

    expect([before.status, await before.text(), after.status]).toEqual([304, '', 200])
  })

  it('gives only the fields that are asked for', async () => {
    const { ask, runner } = setup()
    const { id } = await runner.enqueue('measure', { text: 'a' })

    expect(await jsonOf(ask('GET', `/jobs/${id}?fields=state,progress`))).toEqual({
      id,
      state: 'waiting',
      progress: { done: 0, failed: 0, skipped: 0, total: null, percent: null },
    })
    expect(await jsonOf(ask('GET', `/jobs/${id}?fields=password`))).toMatchObject({ code: 'invalid_query' })
  })

  it('lists page by page, each with a link to the next', async () => {
    const { ask, runner } = setup()
    await runner.enqueueMany(
      'measure',
      ['a', 'b', 'c'].map(value => ({ input: { text: value } })),
    )

    const first = await ask('GET', '/jobs?limit=2&processor=measure&state=waiting,running')
    const page = await jsonOf(first.clone())
    const second = await jsonOf(ask('GET', `/jobs?limit=2&after=${page.next}`))

    expect(first.headers.get('link')).toMatch(/^<\/api\/jobs\/jobs\?.*after=.*>; rel="next"$/)
    expect([page.jobs.length, second.jobs.length, second.next]).toEqual([2, 1, null])
  })

  it.each(['limit=0', 'limit=101', 'limit=x', 'limit=1&limit=2', 'state=done', 'sort=id', 'after='])(
    'refuses a list with %s',
    async query => {
      const { ask } = setup()
      expect(await jsonOf(ask('GET', `/jobs?${query}`))).toMatchObject({ status: 400, code: 'invalid_query' })
    },
  )

  it('lists failed items without what they are, and log lines', async () => {
    const { ask, runner } = setup()
    const { id } = await runner.enqueue('count/up', { to: 3, failing: [1] })
    const logged = await runner.enqueue('measure', { text: 'a' })
    await runner.work()

    expect(await jsonOf(ask('GET', `/jobs/${id}/items`))).toEqual({
      records: [{ key: '1', outcome: 'failed', reason: '1 failed' }],
      next: null,
    })
    expect(await jsonOf(ask('GET', `/jobs/${logged.id}/logs`))).toMatchObject({
      records: [{ level: 'info', message: 'measured' }],
    })
  })

  it('counts, and tells its health to whoever may know it', async () => {
    const { ask, runner } = setup()
    await runner.enqueue('measure', { text: 'a' })

    expect(await jsonOf(ask('GET', '/stats'))).toMatchObject({ states: { waiting: 1 } })
    expect(await jsonOf(ask('GET', '/health'))).toMatchObject({
      status: 'healthy',
      store: { reachable: true },
    })
    expect(await (await ask('GET', '/metrics')).text()).toContain('longhaul_store_up 1')
  })

  it('answers a HEAD as a GET without its body', async () => {
    const { ask } = setup()
    const response = await ask('HEAD', '/stats')
    expect([response.status, await response.text()]).toEqual([200, ''])
  })
})

describe('control', () => {
  it('cancels, pauses, resumes and promotes', async () => {
    const { ask, runner } = setup()
    const { id } = await runner.enqueue('measure', { text: 'a' }, { delayMs: 60_000 })
    const after = async (verb: string) => (await jsonOf(ask('POST', `/jobs/${id}/${verb}`))).state

    expect(await after('pause')).toBe('paused')
    expect(await after('resume')).toBe('waiting')
    expect(await after('promote')).toBe('waiting')
    expect((await runner.work()).slices).toBe(1)
    expect(await jsonOf(ask('POST', `/jobs/${id}/cancel`))).toMatchObject({
      status: 409,
      code: 'wrong_state',
      state: 'completed',
    })
  })

  it('retries the failed items alone', async () => {
    const { ask, runner } = setup()
    const { id } = await runner.enqueue('count/up', { to: 3, failing: [1] })
    await runner.work()

    const job = await jsonOf(ask('POST', `/jobs/${id}/retry`, { body: { only: 'failed' } }))

    expect(job).toMatchObject({ state: 'waiting' })
    expect((await ask('POST', `/jobs/${id}/retry`, { body: { only: 'some' } })).status).toBe(400)
  })

  it('follows and asks a group as one', async () => {
    const { ask, runner } = setup()
    const group = runner.group('g')
    group.add('measure', { text: 'a' })
    group.add('measure', { text: 'fail' })
    await group.enqueue()
    await runner.work()

    expect(await jsonOf(ask('GET', '/groups/g'))).toMatchObject({
      state: 'completed_with_errors',
      percent: 100,
    })
    expect(await jsonOf(ask('POST', '/groups/g/retry'))).toMatchObject({ jobs: { states: { waiting: 1 } } })
    expect(await jsonOf(ask('POST', '/groups/g/cancel'))).toMatchObject({ state: 'completed_with_errors' })
    expect(await jsonOf(ask('GET', '/groups/h'))).toMatchObject({ status: 404, code: 'group_not_found' })
  })
})

describe('what goes wrong', () => {
  it('is told without what is inside, and the app hears all of it', async () => {
    const secret = new Error('password=hunter2 at db-7')
    const { ask, errors } = setup({
      authorize() {
        throw secret
      },
    })

    const response = await ask('GET', '/jobs')

    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('hunter2')
    expect(errors).toEqual([secret])
  })

  it('of the store is a 503 that says when to come back', async () => {
    const { ask, store } = setup()
    await store.close()

    const response = await ask('GET', '/stats')

    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await jsonOf(response)).toMatchObject({ code: 'store_closed' })
  })

  it('of an address or a method is named, with the methods that it takes', async () => {
    const { ask } = setup()
    const response = await ask('DELETE', '/jobs/1')

    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST, HEAD, OPTIONS'])
    expect((await ask('GET', '/nothing')).status).toBe(404)
  })
})
