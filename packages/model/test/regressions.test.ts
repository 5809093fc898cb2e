import { afterAll, expect, test } from 'vitest'
import { replay } from '../src/explore.js'
import { everySource } from '../src/subjects/index.js'
import { regressions } from './regressions.js'

const sources = everySource(process.env)
afterAll(() => Promise.all(sources.map(source => source.end())))

test.each(Object.entries(regressions))('all stores agree when %s', async (_, commands) => {
  const { calls } = await replay(sources, commands)
  expect(calls, 'none is left out').toBe(commands.length + commands.filter(({ again }) => again).length)
})
