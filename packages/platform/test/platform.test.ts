import { fakeClock } from '@longhaul/core/testing'
import { clockOf } from '@longhaul/simulation/life'
import { describe, expect, it } from 'vitest'
import { runCron } from '../src/cron.js'
import type { Instance } from '../src/instance.js'
import { createPlatform } from '../src/platform.js'

const limitMs = 60_000

/** An app that sleeps as long as it is asked to, before its answer or behind it, and notes how far it came. */
function setup({ concurrency = 4 } = {}) {
  const clock = fakeClock()
  const trace: string[] = []
  const boot = (instance: Instance) => {
    const own = clockOf(instance, clock)
    return async (
      request: Request,
      { waitUntil }: { waitUntil?: ((promise: Promise<unknown>) => void) | undefined } = {},
    ) => {
      const params = new URL(request.url).searchParams
      const work = async (ms: number) => {
        try {
          await own.sleep(ms)
          trace.push('done')
        } finally {
          trace.push('finally')
        }
      }
      if (params.has('behind')) waitUntil?.(work(Number(params.get('behind'))))
      if (params.has('timer')) void work(Number(params.get('timer')))
      if (params.has('before')) await work(Number(params.get('before')))
      return new Response('answer')
    }
  }
  const platform = createPlatform({ clock, limitMs, boot, random: () => 0.5, concurrency })
  const ask = (query: string) => platform.request(new Request(`https://app.test/?${query}`))
  return { clock, trace, platform, ask }
}

describe('the stand-in for a platform', () => {
  it('answers, and goes on behind the answer', async () => {
    const { ask, clock, trace, platform } = setup()
    expect(await (await ask('behind=30000')).text()).toBe('answer')
    expect(trace).toEqual([])

    await clock.advance(30_000)

    expect(trace).toEqual(['done', 'finally'])
    expect(platform.invocations).toMatchObject([{ ended: 'done', tookMs: 30_000 }])
  })

  it.each(['before', 'behind'])(
    'cuts off at the deadline what is slow %s its answer, without a finally',
    async when => {
      const { ask, clock, trace, platform } = setup()
      const answer = ask(`${when}=90000`)

      await clock.advance(120_000)

      expect((await answer).status).toBe(when === 'before' ? 504 : 200)
      expect(trace).toEqual([])
      expect(platform.invocations).toMatchObject([{ ended: 'deadline', tookMs: limitMs }])
    },
  )

  it('stands still between requests: a timer fires with the next one', async () => {
    const { ask, clock, trace } = setup()
    await ask('timer=1000')
    await clock.advance(30_000)
    expect(trace).toEqual([])

    await ask('')
    await clock.advance(0)

    expect(trace).toEqual(['done', 'finally'])
  })

  it('runs several requests in one process, and starts another when it is full', async () => {
    const { ask, platform } = setup({ concurrency: 2 })
    await Promise.all([ask('behind=1000'), ask('behind=1000')])
    expect(platform.processes()).toBe(1)
    await ask('')
    expect(platform.processes()).toBe(2)
  })

  it('ends what shares a process with one that is cut off', async () => {
    const { ask, clock, trace, platform } = setup()
    await ask('behind=90000')
    await clock.advance(59_000)
    await ask('behind=5000')
    await clock.advance(10_000)

    expect(trace).toEqual([])
    expect(platform.invocations.map(({ ended }) => ended).sort()).toEqual(['deadline', 'killed'])
  })
})

it('cron comes once, never or twice', async () => {
  const clock = fakeClock()
  const chances = [0.05, 0.15, 0.5]
  const calls: number[] = []
  const over = new AbortController()
  const options = { clock, everyMs: 60_000, dropped: 0.1, doubled: 0.1, random: () => chances.shift() ?? 0.5 }
  void runCron({ ...options, call: async () => void calls.push(clock.now() % 86_400_000) }, over.signal)

  await clock.advance(180_000)
  over.abort()

  expect(calls).toEqual([120_000, 120_000, 180_000])
})
