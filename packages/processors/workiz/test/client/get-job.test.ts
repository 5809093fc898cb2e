import { describe, expect, test } from 'vitest'
import {
  badJson,
  cf520,
  empty200,
  type Fault,
  flagFalse,
  html200,
  noContent,
  reset,
  status,
  tooMany,
  truncate,
  wrongType,
} from '../../src/fake/index.js'
import { failureOf, inTime, setup } from '../support.js'

const job = { UUID: 'W00001', Status: 'Done' }

function answering(fault: Fault) {
  return setup({ faults: [{ fault }] })
}

describe('a job is read', () => {
  test.each([
    ['inside an array', { flag: true, data: [job] }],
    ['as the data itself', { flag: true, data: job }],
    ['in the published wrapping', [{ flag: true, data: job }]],
  ])('%s', async (_, body) => {
    const { clock, client } = answering(status(200, body))
    expect(await inTime(clock, client.getJob('W00001'))).toEqual(job)
  })

  test('whatever its content type says', async () => {
    const { clock, client } = answering(wrongType())
    expect(await inTime(clock, client.getJob('W00001'))).toMatchObject({ UUID: 'W00001' })
  })
})

describe('a job is gone', () => {
  test.each([
    ['204', noContent()],
    ['a 404 of the job itself', status(404, { error: true, code: 404, msg: 'Job not found' })],
    ['an empty list with flag true', status(200, { flag: true, data: [] })],
    ['null data with flag true', status(200, { flag: true, data: null })],
    ['an empty list in the published wrapping', status(200, [{ flag: true, data: [] }])],
  ])('after %s', async (_, fault) => {
    const { clock, client } = answering(fault)
    expect(await inTime(clock, client.getJob('W00001'))).toBe('gone')
  })
})

describe('a job is not gone, but an error', () => {
  const item = { scope: 'item', retryable: false }
  const retryable = { code: 'upstream_unavailable', scope: 'item', retryable: true }
  const revoked = { code: 'credentials_invalid', scope: 'tenant', retryable: false }

  test.each([
    ['flag false', flagFalse(), { code: 'upstream_bad_response', ...item }],
    [
      'flag false in the published wrapping',
      status(200, [{ flag: false }]),
      { code: 'upstream_bad_response', ...item },
    ],
    ['a bare empty list', status(200, []), { code: 'upstream_bad_response', ...item }],
    ['flag true without data', status(200, { flag: true }), { code: 'upstream_bad_response', ...item }],
    [
      'an empty object as data',
      status(200, { flag: true, data: {} }),
      { code: 'upstream_bad_response', ...item },
    ],
    [
      'another job',
      status(200, { flag: true, data: [{ UUID: 'X' }] }),
      { code: 'upstream_bad_response', ...item },
    ],
    ['two jobs', status(200, { flag: true, data: [job, job] }), { code: 'upstream_bad_response', ...item }],
    ['a number', status(200, 7), { code: 'upstream_bad_response', ...item }],
    ['400', status(400, { error: true }), { code: 'invalid_payload', ...item, status: 400 }],
    ['401', status(401, { error: true }), { ...revoked, status: 401 }],
    ['403', status(403, { success: false, error: 'Forbidden' }), { ...revoked, status: 403 }],
    [
      'a wrong path',
      status(404, { msg: 'Invalid end point' }),
      { code: 'upstream_bad_response', scope: 'run' },
    ],
    ['410', status(410, { error: true }), { code: 'upstream_bad_response', ...item, status: 410 }],
    ['a redirect', status(302, null, { location: 'https://example.com' }), { code: 'upstream_bad_response' }],
    ['429', tooMany(), { code: 'rate_limited', retryable: true, retryAfterMs: undefined, status: 429 }],
    ['429 with a wait', tooMany({ retryAfter: 7 }), { code: 'rate_limited', retryAfterMs: 7_000 }],
    ['500', status(500), { ...retryable, status: 500 }],
    ['503 with a wait', status(503, null, { 'retry-after': '3' }), { ...retryable, retryAfterMs: 3_000 }],
    ['520', cf520(), { ...retryable, status: 520 }],
    ['527', status(527), retryable],
    ['an HTML page with 200', html200(), { ...retryable, status: 502 }],
    ['broken JSON', badJson(), { ...retryable, status: 502 }],
    ['an empty 200', empty200(), retryable],
    ['a cut connection', reset(), retryable],
    ['a cut body', truncate(10), retryable],
  ])('after %s', async (_, fault, expected) => {
    const { clock, client } = answering(fault)
    expect(await failureOf(inTime(clock, client.getJob('W00001')))).toMatchObject(expected)
  })

  test('after a 404 page of the host', async () => {
    const page = () => ({ status: 404, headers: {}, body: '<html>Not found</html>' })
    const { clock, client } = answering(page)
    expect(await failureOf(inTime(clock, client.getJob('W00001')))).toMatchObject(retryable)
  })
})
