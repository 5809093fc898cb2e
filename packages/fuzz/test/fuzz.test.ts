import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { adapters } from '../src/adapters.js'
import { app } from '../src/app.js'
import { requests } from '../src/requests.js'

/** The same ones each time, or with FUZZ_RUNS=100000 others and more. The seed of a failure is in its report, for FUZZ_SEED. */
const { FUZZ_RUNS, FUZZ_SEED = FUZZ_RUNS === undefined ? 1 : undefined } = process.env
const numRuns = Number(FUZZ_RUNS ?? 2_000)
const longestError = 1_024

it.each(Object.entries(adapters))(
  '%s answers whatever it is sent, and never by falling over',
  async (_, adapt) => {
    const folder = await mkdtemp(join(tmpdir(), 'longhaul-fuzz-'))
    const subject = await app(join(folder, 'jobs.db'))
    const front = await adapt(subject)
    onTestFinished(async () => {
      await front.close()
      await subject.runner.close()
      await rm(folder, { recursive: true })
    })
    const statuses = new Map<number, number>()

    await fc.assert(
      fc.asyncProperty(requests(subject.known), async request => {
        const answer = await front.ask(request)
        if (!answer) return
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        expect(answer.status).toBeLessThan(500)
        if (answer.status < 400) return
        expect(answer.text.length).toBeLessThan(longestError)
        expect(answer.text).not.toMatch(/\.ts:\d|node_modules| {4}at /)
      }),
      { numRuns, ...(FUZZ_SEED === undefined ? {} : { seed: Number(FUZZ_SEED) }) },
    )

    expect(subject.errors).toEqual([])
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 202, 400, 404, 405]))
  },
  1_800_000,
)
