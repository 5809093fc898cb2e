import { expect, test } from 'vitest'
import { violationsIn } from '../src/audit/verdict.js'
import { planned } from '../src/explore/planned.js'
import { runSeed, swarm } from '../src/explore/swarm.js'
import { forgetfulStore } from '../src/faults/forgetful-store.js'
import { run } from '../src/run.js'
import { scenarios, severalBatches } from '../src/scenarios/index.js'
import { lineOf } from '../src/totals.js'
import { traceOf } from '../src/trace.js'

const seeds = scenarios.map((_, index) => index + 1)

test.each(seeds)('seed %i leaves the same trace twice', async seed => {
  expect(traceOf(await runSeed(seed))).toEqual(traceOf(await runSeed(seed)))
})

test('another seed leaves another trace', async () => {
  const [one, other] = [await runSeed(1), await runSeed(1 + scenarios.length)]
  expect(traceOf(one)).not.toEqual(traceOf(other))
})

test('many random faults at the calls of all workers break no promise', async () => {
  const totals = await swarm(Array.from({ length: 120 }, (_, index) => index + 1))
  console.log(lineOf('swarm', totals))
  expect(totals.violations).toEqual([])
  expect(totals.faults).toBeGreaterThan(500)
})

test('a store that takes stale writes is found out', async () => {
  const late = [7, 8, 9, 10].map(call => planned([{ fault: 'late call', call }]))
  const runs = await Promise.all(late.map(each => run(severalBatches, { ...each, wrap: forgetfulStore })))
  const found = runs.flatMap(violationsIn).join('\n')
  expect(found).toMatch(/token 1 of job "walk" was accepted after token 2/)
  expect(found).toMatch(/moved job "walk" back/)
})
