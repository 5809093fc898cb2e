import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor } from '../../src/index.js'
import { setup } from '../setup.js'

async function linesOf(...messages: unknown[]) {
  const talks = defineProcessor({
    name: 'talks',
    input: z.null(),
    run: ({ log }) => {
      for (const message of messages) log.info(message as string)
    },
  })
  const { runner } = setup([talks])
  const { id } = await runner.enqueue(talks, null)
  await runner.work()
  const { records } = await runner.logs(id)
  return records.map(({ message }) => message)
}

test('a line of a log is cut at 8,192 characters, and shows it', async () => {
  const [whole, cut] = await linesOf('x'.repeat(8_192), 'x'.repeat(5_000_000))
  expect(whole).toHaveLength(8_192)
  expect(cut).toBe(`${'x'.repeat(8_191)}…`)
})

test('what is logged without being a text is kept as JSON, an error as its name and message', async () => {
  const circle: { self?: unknown } = {}
  circle.self = circle
  expect(await linesOf({ page: 3 }, [1, 2], undefined, new TypeError('no'), circle)).toEqual([
    '{"page":3}',
    '[1,2]',
    'undefined',
    'TypeError: no',
    '[object Object]',
  ])
})
