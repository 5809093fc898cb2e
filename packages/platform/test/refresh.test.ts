import { expect, it } from 'vitest'
import { refresh } from '../src/refresh.js'

const records = 1_500
const limitMs = 60_000
const batchSize = 25

/** How often each record was fetched. */
function fetches(calls: readonly { path: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { path } of calls.filter(({ path }) => path.includes('job/get/'))) {
    counts.set(path, (counts.get(path) ?? 0) + 1)
  }
  return counts
}

function repeatsIn(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count - 1, 0)
}

it('1,500 calls at one a second end on a platform that allows a minute, and nothing is done twice', async () => {
  const { platform, fake, errors, toEnd } = await refresh({ records, limitMs })

  const job = await toEnd()

  const counts = fetches(fake.calls)
  expect(job).toMatchObject({
    state: 'completed',
    progress: { done: records, total: records },
    crashes: 0,
    attempts: 0,
  })
  expect([counts.size, repeatsIn(counts)]).toEqual([records, 0])
  expect(platform.invocations.filter(({ ended }) => ended !== 'done')).toEqual([])
  expect(errors).toEqual([])
  console.log(report('no faults', platform.invocations, repeatsIn(counts), job))
}, 120_000)

it.each([1, 2, 3])(
  'they end although a fifth of all invocations is killed, calls are lost, and cron is dropped and doubled (seed %i)',
  async seed => {
    const faults = { killed: 0.2, lostCalls: 0.2, cron: { dropped: 0.2, doubled: 0.2 } }
    const { platform, fake, toEnd } = await refresh({ records, limitMs, seed, ...faults })

    const job = await toEnd()

    const counts = fetches(fake.calls)
    const killed = platform.invocations.filter(({ ended }) => ended === 'killed').length
    expect(job).toMatchObject({ state: 'completed', progress: { done: records } })
    expect(counts.size).toBe(records)
    expect(killed).toBeGreaterThan(0)
    expect(repeatsIn(counts)).toBeLessThanOrEqual(killed * batchSize)
    expect(platform.invocations.filter(({ ended }) => ended === 'deadline')).toEqual([])
    console.log(report(`seed ${seed}`, platform.invocations, repeatsIn(counts), job))
  },
  120_000,
)

function report(
  name: string,
  invocations: readonly { ended: string; tookMs: number }[],
  repeats: number,
  job: { startedAt: string | null; endedAt: string | null },
): string {
  const ended = (how: string) => invocations.filter(invocation => invocation.ended === how).length
  const seconds = (Date.parse(job.endedAt ?? '') - Date.parse(job.startedAt ?? '')) / 1_000
  const longest = Math.max(...invocations.map(({ tookMs }) => tookMs))
  return `${name}: ${invocations.length} invocations (${ended('killed')} killed, ${ended('deadline')} cut off), longest ${longest} ms, ${repeats} repeats, ${seconds} s`
}
