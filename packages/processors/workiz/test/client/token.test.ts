import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  badJson,
  cf520,
  empty200,
  type Fault,
  flagFalse,
  hang,
  html200,
  noContent,
  refuse,
  reset,
  stall,
  status,
  tooMany,
  truncate,
} from '../../src/fake/index.js'
import { WorkizClient } from '../../src/index.js'
import { failureOf, inTime, setup } from '../support.js'

/** With characters that a URL escapes. */
const token = 'api_k3y/with spaces+slash'
const traces = ['k3y', encodeURIComponent(token), token]

/** All that could reach a log: the error with its fields, its stack and its causes. */
function everythingOf(error: unknown): string {
  return inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error) + String(error)
}

function expectNoTrace(error: unknown) {
  for (const trace of traces) expect(everythingOf(error)).not.toContain(trace)
}

const echo = `Nothing at /api/v1/${token}/ or /api/v1/${encodeURIComponent(token)}/`
const faults: Record<string, Fault> = {
  badJson: badJson(),
  cf520: cf520(),
  empty200: empty200(),
  flagFalse: flagFalse(echo),
  hang: hang(),
  html200: html200(),
  refuse: refuse(),
  reset: reset(),
  stall: stall(),
  tooMany: tooMany(),
  truncate: truncate(5),
  status400: status(400, { error: true, msg: echo }),
  status401: status(401),
  status403: status(403, { message: echo }),
  status404: status(404, { msg: `Invalid end point ${echo}` }),
  status500: status(500, { msg: echo }),
  noRecord: status(200, { flag: true, data: [echo] }),
}
const calls = {
  getJob: (client: WorkizClient) => client.getJob('W00001'),
  listJobs: (client: WorkizClient) => client.listJobs(),
  team: (client: WorkizClient) => client.team(),
  timeOff: (client: WorkizClient) => client.timeOff(),
  leads: (client: WorkizClient) => client.leads(),
}

describe('the API token is in no error', () => {
  for (const [callName, call] of Object.entries(calls)) {
    test.each(Object.entries(faults))(`of ${callName} after %s`, async (_, fault) => {
      const { clock, client } = setup({ token, faults: [{ fault }] })
      expectNoTrace(await failureOf(inTime<unknown>(clock, call(client))))
    })
  }

  test('of a list without a body', async () => {
    const { clock, client } = setup({ token, faults: [{ fault: noContent() }] })
    expectNoTrace(await failureOf(inTime(clock, client.listJobs())))
  })

  test('of a fetch that tells the URL in its message, its fields and its cause', async () => {
    const { clock, client } = setup(
      { token },
      { fetch: async url => Promise.reject(tellingError(String(url))) },
    )
    const error = await failureOf(inTime(clock, client.getJob('W00001')))

    expectNoTrace(error)
    expect(error).toMatchObject({
      cause: { message: expect.stringContaining('[token]'), cause: { code: 'EFAKE' } },
    })
  })

  test('of a base URL that is none', async () => {
    const client = new WorkizClient({ apiToken: token, baseUrl: 'not a url' })
    expectNoTrace(await failureOf(client.getJob('W00001')))
  })

  test('nor in a client that is printed', () => {
    const { client } = setup({ token })
    expectNoTrace(client)
  })
})

function tellingError(url: string): Error {
  const cause = Object.assign(new Error(`connect to ${url}`), { code: 'EFAKE', input: url })
  return Object.assign(new TypeError(`fetch of ${url} failed`, { cause }), { url })
}
