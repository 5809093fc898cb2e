import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, Fatal, type LogFields, type Logger } from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

type Line = { level: string; message: string } & LogFields

function notebook() {
  const lines: Line[] = []
  const write = (level: string) => (message: string, fields: LogFields) =>
    void lines.push({ level, message, ...fields })
  const logger: Logger = { info: write('info'), warn: write('warn'), error: write('error') }
  return { lines, logger }
}

const sync = defineProcessor({
  name: 'sync',
  input: z.string(),
  retry: { attempts: 2 },
  run: ({ input, attempt }) => {
    if (input === 'broken') throw new Fatal('password=hunter2 was refused')
    if (attempt === 1) throw Object.assign(new Error('busy'), { code: 'EBUSY' })
  },
})

async function linesOf(input: string, options: { tenant?: string } = {}) {
  const { lines, logger } = notebook()
  const { runner, clock } = setup([sync], { logger })
  const { id } = await runner.enqueue(sync, input, options)
  await runToEnd(runner, clock)
  return { lines, id }
}

describe('a logger', () => {
  test('gets one line for each event, in order, at the level that it deserves', async () => {
    const { lines } = await linesOf('fine')
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'info longhaul: sync enqueued',
      'info longhaul: sync started',
      'warn longhaul: sync retrying',
      'info longhaul: sync started',
      'info longhaul: sync completed',
    ])
  })

  test('is told which job, which attempt, how long, and what went wrong', async () => {
    const { lines, id } = await linesOf('fine', { tenant: 'acme' })
    expect(lines[2]).toEqual({
      ...{ level: 'warn', message: 'longhaul: sync retrying', event: 'retrying' },
      ...{ jobId: id, processor: 'sync', queue: 'default', tenant: 'acme' },
      ...{ attempt: 1, durationMs: 0, errorCode: 'EBUSY', errorMessage: 'busy' },
    })
  })

  test('is told no secrets', async () => {
    const { lines } = await linesOf('broken')
    expect(lines.at(-1)).toMatchObject({ level: 'error', errorMessage: 'password=[redacted] was refused' })
    expect(JSON.stringify(lines)).not.toContain('hunter2')
  })

  test('hears of a store that fails', async () => {
    const { lines, logger } = notebook()
    const { runner, clock, store } = setup([sync], { logger })
    const { claim } = store
    store.claim = () => {
      store.claim = claim
      return Promise.reject(new Error('connection refused'))
    }
    await runner.enqueue(sync, 'fine')
    await runToEnd(runner, clock)
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: 'longhaul: error',
        errorMessage: 'connection refused',
      }),
    )
  })

  test('that throws stops nothing, and is told of as an error', async () => {
    const broken = () => {
      throw new Error('disk full')
    }
    const { runner, clock } = setup([sync], { logger: { info: broken, warn: broken, error: broken } })
    const errors: unknown[] = []
    runner.on('error', error => errors.push(error))
    const { id } = await runner.enqueue(sync, 'fine')
    await runToEnd(runner, clock)
    expect((await runner.get(id))?.state).toBe('completed')
    expect(errors[0]).toMatchObject({ message: 'disk full' })
  })
})
