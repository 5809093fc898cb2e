import { afterAll, expect, test } from 'vitest'
import { kindNames } from '../src/commands/index.js'
import { everyArrow, lineOf } from '../src/coverage.js'
import { explore } from '../src/explore.js'
import { everySource } from '../src/subjects/index.js'

const { MODEL_SEED: seed, MODEL_RUNS: runs, MODEL_PATH: path } = process.env
const isFixed = seed === undefined && runs === undefined

const sources = everySource(process.env)
afterAll(() => Promise.all(sources.map(source => source.end())))

test('every store answers and keeps the same, whatever is called in whatever order', async () => {
  const exploration = { seed: Number(seed ?? 1), runs: Number(runs ?? 60), path }
  const coverage = await explore(sources, exploration)
  console.log(lineOf(coverage))
  if (!isFixed) return
  expect([...coverage.arrows].sort()).toEqual([...everyArrow].sort())
  expect([...coverage.commands.keys()].sort()).toEqual([...kindNames].sort())
})
