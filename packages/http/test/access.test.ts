import { describe, expect, it } from 'vitest'
import { type Access, bearer, createHandler, type Role } from '../src/index.js'
import { createRoutes } from '../src/routes/routes.js'
import { anybody, jsonOf, setup } from './setup.js'

const access = (roles: readonly Role[], tenant: string | null = null): Access => ({ roles, tenant })

/** By the token that is brought; nobody without one. */
const people: Record<string, Access> = {
  reader: access(['read'], 'acme'),
  actor: access(['act'], 'acme'),
  producer: { ...access(['enqueue'], 'acme'), processors: ['measure'] },
  admin: access(['admin'], 'acme'),
  stranger: access(['admin'], 'other'),
}

const authorize = (request: Request) => people[request.headers.get('authorization')?.slice(7) ?? ''] ?? null
const as = (who: string) => ({ authorization: `Bearer ${who}` })

async function withJob() {
  const app = setup({ authorize })
  const job = await app.runner.enqueue('measure', { text: 'a' }, { tenant: 'acme', group: 'g' })
  return { ...app, job }
}

/** All that there is, so that a new route without a row here is noticed. */
function everyRoute() {
  const { runner, clock } = setup()
  const deps = { runner, clock, shown: [], beforeEnqueue: undefined, workSoon: async () => {} }
  return createRoutes(deps, {}).map(({ method, path, needs }) => ({ method, path, needs }))
}

const holders: Record<Role, readonly string[]> = {
  read: ['reader', 'admin'],
  act: ['actor', 'admin'],
  enqueue: ['producer', 'admin'],
  admin: ['admin'],
}

describe.each(everyRoute())('$method $path', ({ method, path, needs }) => {
  const at = (id: string) =>
    path
      .replace('/jobs/:id', `/jobs/${id}`)
      .replace('/groups/:id', '/groups/g')
      .replace(':processor', 'measure')
  const body = needs === 'enqueue' ? { body: { input: { text: 'a' } } } : {}

  it('lets nobody in who is not known', async () => {
    const { ask, job } = await withJob()
    for (const headers of [{}, as('nobody'), { authorization: 'Basic x' }]) {
      const response = await ask(method, at(job.id), { headers, ...body })
      expect([response.status, (await jsonOf(response)).code]).toEqual([401, 'unauthorized'])
    }
  })

  it('lets in who has the role, and nobody else', async () => {
    for (const who of ['reader', 'actor', 'producer', 'admin']) {
      const { ask, job } = await withJob()
      const response = await ask(method, at(job.id), { headers: as(who), ...body })
      await response.body?.cancel()
      const isAllowed = holders[needs].includes(who)
      expect([who, response.status === 403]).toEqual([who, !isAllowed])
      if (isAllowed) expect(response.status).not.toBe(401)
    }
  })

  it('shows nothing of one tenant to another', async () => {
    const { ask, job, runner } = await withJob()
    const response = await ask(method, at(job.id), { headers: as('stranger'), ...body })
    if (path.includes(':id')) {
      expect(response.status).toBe(404)
      expect(await runner.get(job.id)).toMatchObject({ state: 'waiting', wish: null })
    } else if (path === '/jobs') expect(await jsonOf(response)).toEqual({ jobs: [], next: null })
    else if (path === '/stats') expect(await jsonOf(response)).toMatchObject({ states: { waiting: 0 } })
    await response.body?.cancel().catch(() => {})
  })

  it('is named by the OpenAPI document', async () => {
    const { ask } = setup()
    const document = await jsonOf(ask('GET', '/openapi.json'))
    expect(document.paths[path.replace(/:(\w+)/g, '{$1}')]).toHaveProperty(method.toLowerCase())
  })
})

describe('a handler', () => {
  it.each([undefined, null, true, 'yes'])('is not made with %j for authorize', authorize => {
    const { runner } = setup()
    expect(() => createHandler(runner, { authorize } as never)).toThrow('authorize')
  })

  it.each(['api', '/api/', '/a b', '//a', '/a?b'])('is not made at the path %j', basePath => {
    const { runner } = setup()
    expect(() => createHandler(runner, { authorize: () => anybody, basePath })).toThrow('basePath')
  })

  it.each([
    {},
    { roles: ['admin'] },
    { roles: 'admin', tenant: null },
    { roles: ['admin'], tenant: '' },
    true,
  ])('lets nobody in where authorize answers %j', async answer => {
    const { ask } = setup({ authorize: () => answer as never })
    expect((await ask('GET', '/jobs')).status).toBe(500)
  })

  it('makes jobs for the tenant of whoever asks, and lists them for no other', async () => {
    const { ask } = setup({ authorize })
    const job = await jsonOf(
      ask('POST', '/jobs/measure', { headers: as('producer'), body: { input: { text: 'a' } } }),
    )
    expect(job.tenant).toBe('acme')

    const asked = await ask('GET', '/jobs?tenant=acme', { headers: as('stranger') })
    expect(asked.status).toBe(403)
  })

  it('takes jobs only for the processors that are allowed', async () => {
    const { ask } = setup({ authorize })
    const response = await ask('POST', '/jobs/count%2Fup', {
      headers: as('producer'),
      body: { input: { to: 1 } },
    })
    expect(response.status).toBe(403)
  })

  it('never changes a tenant by what the app adds', async () => {
    const { ask } = setup({ authorize, beforeEnqueue: () => ({ tenant: 'other' }) })
    const job = await jsonOf(
      ask('POST', '/jobs/measure', { headers: as('producer'), body: { input: { text: 'a' } } }),
    )
    expect(job.tenant).toBe('acme')
  })
})

describe('no trick of a path, a method or a header', () => {
  const tricks: [string, string, Record<string, string>][] = [
    ['GET', '//jobs', {}],
    ['GET', '/jobs/', {}],
    ['GET', '/JOBS', {}],
    ['GET', '/jobs.', {}],
    ['GET', '/jobs%2f', {}],
    ['GET', '/%6aobs', {}],
    ['GET', '/jobs;a=b', {}],
    ['GET', '/./jobs', {}],
    ['GET', '/x/../jobs', {}],
    ['GET', '/jobs%00', {}],
    ['GET', '/jobs/%', {}],
    ['GET', '/jobs/%c0%ae', {}],
    ['GET', '/jobs\\x', {}],
    ['GET', '/jobs', { 'x-middleware-subrequest': 'middleware:middleware:middleware' }],
    ['GET', '/jobs', { 'x-original-url': '/api/jobs/openapi.json' }],
    ['GET', '/jobs', { 'x-rewrite-url': '/api/jobs/openapi.json' }],
    ['GET', '/jobs', { 'x-forwarded-for': '127.0.0.1' }],
    ['GET', '/jobs', { 'x-http-method-override': 'OPTIONS' }],
    ['GET', '/jobs', { 'x-vercel-cron-schedule': '* * * * *', 'user-agent': 'vercel-cron/1.0' }],
    ['GET', '/jobs', { authorization: 'Bearer' }],
    ['GET', '/jobs', { authorization: 'Bearer undefined' }],
    ['GET', '/jobs', { authorization: 'bearer null' }],
    ['HEAD', '/jobs', {}],
    ['POST', '/jobs/measure?_method=GET', {}],
    ['GET', '/jobs?authorization=Bearer%20admin', {}],
  ]

  it.each(tricks)('gets anything by %s %s %j', async (method, path, headers) => {
    const { ask, runner } = await withJob()
    const response = await ask(method, path, { headers })
    expect([401, 404, 405]).toContain(response.status)
    expect(await response.text()).not.toContain('waiting')
    expect((await runner.list()).jobs).toHaveLength(1)
  })
})

describe('from a page of another site', () => {
  const own = 'http://app.test'
  const cases: [string, Record<string, string>, boolean][] = [
    ['the same origin', { 'sec-fetch-site': 'same-origin', origin: own }, true],
    ['an address typed in', { 'sec-fetch-site': 'none' }, true],
    ['the same site', { 'sec-fetch-site': 'same-site', origin: 'http://evil.app.test' }, false],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'http://evil.test' }, false],
    ['another site that names no origin', { 'sec-fetch-site': 'cross-site' }, false],
    ['an old browser, same origin', { origin: own, cookie: 'session=1' }, true],
    ['an old browser, other origin', { origin: 'http://evil.test', cookie: 'session=1' }, false],
    ['a sandboxed frame', { origin: 'null', cookie: 'session=1' }, false],
    ['nothing but cookies', { cookie: 'session=1' }, false],
    ['cookies and the header of the client', { cookie: 'session=1', 'x-longhaul': '1' }, true],
    ['a program without cookies', {}, true],
    ['an origin that is named', { 'sec-fetch-site': 'cross-site', origin: 'https://ui.test' }, true],
  ]

  it.each(cases)('%s: %j changes something: %s', async (_, headers, passes) => {
    const { ask, runner } = setup({ origins: ['https://ui.test'] })
    const job = await runner.enqueue('measure', { text: 'a' })

    for (const path of [`/jobs/${job.id}/pause`, '/jobs/measure']) {
      const body = path === '/jobs/measure' ? { body: { input: { text: 'a' } } } : {}
      expect((await ask('POST', path, { headers, ...body })).status !== 403).toBe(passes)
    }
    expect((await runner.get(job.id))?.state).toBe(passes ? 'paused' : 'waiting')
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'no body of the type "%s" is taken, as a form could send it',
    async type => {
      const { ask, runner } = setup()
      const sent = { body: '{"input":{"text":"a"}}', headers: { 'content-type': type } }
      expect((await ask('POST', '/jobs/measure', sent)).status).toBe(415)
      expect((await runner.list()).jobs).toEqual([])
    },
  )

  it('nothing is read without its origin being named', async () => {
    const { ask } = setup({ origins: ['https://ui.test'] })
    const from = async (origin: string) => (await ask('GET', '/jobs', { headers: { origin } })).headers

    expect((await from('https://ui.test')).get('access-control-allow-origin')).toBe('https://ui.test')
    expect((await from('https://evil.test')).get('access-control-allow-origin')).toBeNull()
    expect(
      (await setup().ask('GET', '/jobs', { headers: { origin: 'https://ui.test' } })).headers.get('vary'),
    ).toBeNull()
  })

  it('a preflight is answered, and no more than that', async () => {
    const { ask } = setup({ origins: ['https://ui.test'], authorize: () => null })
    const response = await ask('OPTIONS', '/jobs/measure', { headers: { origin: 'https://ui.test' } })
    expect([response.status, response.headers.get('access-control-allow-methods')]).toEqual([
      204,
      'GET, POST',
    ])
  })
})

describe('every answer', () => {
  it('is kept by nobody, sniffed by nobody, framed by nobody', async () => {
    const { ask } = setup()
    for (const path of ['/jobs', '/nothing', '/jobs/1', '/metrics', '/work', '/events']) {
      const response = await ask('GET', path)
      await response.body?.cancel()
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
    }
  })
})

describe('a bearer secret', () => {
  const authorized = async (secrets: Parameters<typeof bearer>[0], token: string) => {
    const { ask } = setup({ authorize: bearer(secrets, anybody) })
    return (await ask('GET', '/jobs', { headers: { authorization: `Bearer ${token}` } })).status === 200
  }

  it('opens, and so does the other one during a rotation', async () => {
    expect(await authorized('right', 'right')).toBe(true)
    expect(await authorized(['new', 'old'], 'old')).toBe(true)
    expect(await authorized(['new', 'old'], 'wrong')).toBe(false)
  })

  it.each([undefined, '', [], [undefined], ['']])('that is unset (%j) opens for nobody', async secrets => {
    for (const token of ['', 'undefined', 'null']) expect(await authorized(secrets, token)).toBe(false)
  })

  it.each(['two words', 'line\n', 'schlüssel'])(
    'that no header can bring (%j) is refused at once',
    secret => {
      expect(() => bearer(secret, anybody)).toThrow('visible ASCII')
      expect(() => setup({ work: { secrets: [secret] } })).toThrow('visible ASCII')
    },
  )

  it('is compared whatever the lengths', async () => {
    for (let length = 1; length <= 1_000; length += 37) {
      expect(await authorized('a-secret', 'x'.repeat(length))).toBe(false)
    }
  })
})

describe('who fails often', () => {
  const wrong = { headers: as('wrong') }

  it('waits, without being looked up again', async () => {
    let looks = 0
    const { ask, clock } = setup({
      authorize(request) {
        looks += 1
        return authorize(request)
      },
      failures: { limit: 3, windowMs: 60_000 },
    })
    const context = { client: '192.0.2.1' }
    for (let call = 0; call < 3; call++) await ask('GET', '/jobs', { ...wrong, context })

    const refused = await ask('GET', '/jobs', { headers: as('reader'), context })
    expect([refused.status, refused.headers.get('retry-after'), looks]).toEqual([429, '60', 3])
    expect(
      (await ask('GET', '/jobs', { headers: as('reader'), context: { client: '192.0.2.2' } })).status,
    ).toBe(200)

    await clock.advance(60_000)
    expect((await ask('GET', '/jobs', { headers: as('reader'), context })).status).toBe(200)
  })

  it('does not shut out those who are known, where nobody can be told apart', async () => {
    const { ask } = setup({ authorize, failures: { limit: 3 } })
    for (let call = 0; call < 3; call++) await ask('GET', '/jobs', wrong)

    expect((await ask('GET', '/jobs', wrong)).status).toBe(429)
    expect((await ask('GET', '/jobs', { headers: as('reader') })).status).toBe(200)
  })
})
