import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyCommands } from '../src/commands/index.js'
import { legalPairs } from '../src/events.js'
import { type Ground, grounds } from '../src/places/index.js'
import { runOn } from '../src/run.js'
import { aTally } from '../src/tally.js'
import { onPlaces } from './on-places.js'
import { regressions } from './regressions.js'

const numRuns = Number(process.env.MODEL_RUNS ?? 100)
const tally = aTally()
const laid: Ground[] = []

beforeAll(async () => {
  for (const ground of grounds) laid.push(await ground())
})
afterAll(async () => {
  for (const ground of laid) await ground.remove()
})
afterAll(() => console.log(tally.table()))

describe('stores side by side', () => {
  test.for(Object.entries(regressions))('agree where they once did not: %s', async ([, commands]) => {
    await onPlaces(laid, places => runOn(places, commands))
  })

  test('answer alike and keep alike, whatever is called in whatever order', {
    timeout: 600_000 + 5_000 * numRuns,
  }, async () => {
    const agree = fc.asyncProperty(anyCommands, async commands => {
      tally.add(await onPlaces(laid, places => runOn(places, commands)))
    })
    await fc.assert(agree, { numRuns, interruptAfterTimeLimit: 500_000 + 5_000 * numRuns })
  })

  test('were led along every arrow of the life of a job', () => {
    expect(legalPairs.filter(pair => tally.timesOf(pair) === 0)).toEqual([])
  })
})
