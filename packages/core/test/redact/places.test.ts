import { inspect } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, Fatal, type JobDetails, Skip } from '../../src/index.js'
import type { RunnerOptions } from '../../src/runner-options.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'
import { type Leak, leaks } from './secrets.js'

/** A job that lets a text out wherever one can, and all that comes out. */
async function leakEverywhere(text: string, redact?: RunnerOptions<[]>['redact']) {
  const careless = defineProcessor({
    name: 'careless',
    input: z.null(),
    items: ({ cursor }) => [1, 2].filter(id => id > (cursor ?? 0)).map(id => [id, id]),
    each: (id, { log }) => {
      log.info(text)
      if (id === 1) throw new Skip(text)
      throw new Error(text)
    },
    finish: () => {
      throw Object.assign(new Fatal(text, { cause: new Error(text, { cause: new TypeError(text) }) }), {
        request: { text },
      })
    },
    onItemError: { tolerate: { count: 1 } },
  })
  const { runner, store, clock } = setup([careless], redact === undefined ? {} : { redact })
  const events: { errors: JobDetails['errors']; error: unknown }[] = []
  runner.on('failed', ({ errors }, error) => events.push({ errors, error }))
  const { id } = await runner.enqueue(careless, null)
  await runToEnd(runner, clock)

  const shown = await runner.get(id)
  const [skipped, failed] = (await runner.items(id)).records
  const row = JSON.stringify([(await store.get(id))?.error, await store.records(id, 'logs', { limit: 9 })])
  return {
    'its log line': (await runner.logs(id)).records[0]?.message,
    'its error message': shown?.errors?.last.message,
    'its error stack': shown?.errors?.last.stack,
    'its causes': shown?.errors?.last.causes.map(({ message }) => message).join(),
    'the reason of a skipped item': skipped?.reason,
    'the reason of a failed item': failed?.reason,
    'the error of an event': inspect(events[0]?.error, { depth: 9 }),
    'the job of an event': JSON.stringify(events[0]?.errors),
    'what waitFor throws': await runner.waitFor(id).catch(error => inspect(error, { depth: 9 })),
    'the rows of the store': row,
  } as Record<string, string | undefined>
}

const places = [
  'its log line',
  'its error message',
  'its error stack',
  'its causes',
  'the reason of a skipped item',
  'the reason of a failed item',
  'the error of an event',
  'the job of an event',
  'what waitFor throws',
  'the rows of the store',
]

describe.each(leaks.map(leak => [leak.what, leak] as const))('%s does not come out in', (_, leak: Leak) => {
  let out: Record<string, string | undefined>

  beforeAll(async () => {
    out = await leakEverywhere(leak.text)
  })

  test.each(places)('%s', place => {
    expect(out[place]).toContain('[redacted]')
    expect(out[place]).not.toContain(leak.secret)
    expect(out[place]).not.toContain(JSON.stringify(leak.secret).slice(1, -1))
  })
})

test('with `redact: false` everything comes out as it is', async () => {
  const out = await leakEverywhere('password=hunter2', false)
  for (const place of places) expect(out[place], place).toContain('hunter2')
})

test('names and shapes of your own do not come out either', async () => {
  const out = await leakEverywhere('ssn: 078-05-1120 of CUST-123456', {
    keys: ['ssn'],
    patterns: [/CUST-\d+/],
  })
  for (const place of places) expect(out[place], place).not.toMatch(/1120|123456/)
})

test('an error of a listener is told without its secrets', async () => {
  const quick = defineProcessor({ name: 'quick', input: z.null(), run: () => {} })
  const { runner, clock } = setup([quick])
  const errors: unknown[] = []
  runner.on('completed', () => {
    throw new Error('password=hunter2')
  })
  runner.on('error', error => errors.push(error))
  await runner.enqueue(quick, null)
  await runToEnd(runner, clock)

  expect(errors).toMatchObject([{ message: 'password=[redacted]' }])
})

test('in events a key, a lane and tags stay what they are, unless they look like a secret', async () => {
  const quick = defineProcessor({ name: 'quick', input: z.null(), run: () => {} })
  const { runner } = setup([quick])
  const seen: unknown[] = []
  runner.on('enqueued', ({ key, lane, tags, tenant }) => seen.push({ key, lane, tags, tenant }))
  const pat = `ghp_${'Zx81kQv7Lm2Pq9Rt4Wb6'}`
  await runner.enqueue(quick, null, {
    key: 'reset-password:ada',
    lane: pat,
    tags: ['token:7', pat],
    tenant: 'acme',
  })

  expect(seen).toEqual([
    { key: 'reset-password:ada', lane: '[redacted]', tags: ['token:7', '[redacted]'], tenant: 'acme' },
  ])
})

test('a secret does not survive by being cut in half', async () => {
  for (const length of [1_950, 1_990, 7_950, 7_990, 7_999]) {
    const text = `${'word '.repeat(length / 5)}postgres://ada:hunter2hunter2@db/app and more`.padEnd(
      20_000,
      ' etc',
    )
    const out = await leakEverywhere(text)
    expect(out['its error message']).not.toContain('hunter2')
  }
})
