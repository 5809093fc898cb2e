import { serverUrl } from '@longhaul/test-servers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { matrix, resumeWithinMs } from '../src/matrix.js'
import { places, type StoreName } from '../src/places.js'
import { type Outcome, runCase } from '../src/run-case.js'

vi.setConfig({ maxConcurrency: 8, testTimeout: 60_000 })

/** A worker over this store goes on after every fault as if there had been none. */
export function networkFaults(store: StoreName): void {
  describe.skipIf(serverUrl(store) === undefined)(`a worker on ${store}`, () => {
    const outcomes: Outcome[] = []
    const strays = strayErrors()
    beforeAll(strays.listen)
    afterAll(strays.stop)
    afterAll(() => console.log(summary(store, outcomes)))

    test.concurrent.for(matrix)(
      'goes on after a fault: $fault, while $phase, $hold than a lease',
      async each => {
        const outcome = await runCase(each, places[store]())
        outcomes.push(outcome)
        expect(outcome.resumedMs).toBeLessThan(resumeWithinMs)
        expect(strays.seen).toEqual([])
      },
    )
  })
}

/** Errors that would have ended the process. */
function strayErrors() {
  const names = ['unhandledRejection', 'uncaughtException']
  const seen: unknown[] = []
  const note = (error: unknown) => void seen.push(error)
  return {
    seen,
    listen() {
      for (const name of names) process.on(name, note)
    },
    stop() {
      for (const name of names) process.off(name, note)
    },
  }
}

function summary(store: StoreName, outcomes: readonly Outcome[]): string {
  const resumedMs = outcomes.map(outcome => Math.round(outcome.resumedMs)).sort((a, b) => a - b)
  const middle = resumedMs[Math.floor(resumedMs.length / 2)]
  const refused = outcomes.reduce((sum, outcome) => sum + outcome.refused, 0)
  return `${store}: ${outcomes.length} faults; at work again ${middle} ms after healing (median), ${resumedMs.at(-1)} ms at most; ${refused} stale writes, all refused`
}
