import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, type Flags, flagsFromEnv, memoryStore, StoreError } from '../../src/index.js'
import { refusal } from '../../src/routing/flags.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

const stats = defineProcessor({ name: 'stats', input: z.string(), run: ({ input }) => `job ${input}` })
const fallback = ({ because }: { because: string }) => `at once: ${because}`

describe('work that is routed', () => {
  test('goes to a job, which says what started it, as long as nobody says otherwise', async () => {
    const { runner } = setup([stats])
    const routed = await runner.route('cron', stats, 'a', { fallback, key: 'k' })
    expect(routed).toMatchObject({ by: 'job', job: { state: 'waiting', key: 'k', trigger: 'cron' } })
  })

  test('goes to the fallback when its trigger is off, while others go on', async () => {
    const { runner, another } = setup([stats])
    await another().flags.set({ triggers: { match: false } })
    expect(await runner.route('match', stats, 'a', { fallback })).toEqual({
      by: 'fallback',
      because: 'trigger_off',
      result: 'at once: trigger_off',
    })
    expect(await runner.route('admin', stats, 'a', { fallback })).toMatchObject({ by: 'job' })
    expect((await runner.stats()).states.waiting).toBe(1)
  })

  test('goes to the fallback when the master switch is off, on every process within five seconds', async () => {
    const { runner, another, clock } = setup([stats])
    expect(await runner.route('admin', stats, 'a', { fallback })).toMatchObject({ by: 'job' })
    await another().flags.set({ enabled: false })
    await clock.advance(5_000)
    expect(await runner.route('admin', stats, 'b', { fallback })).toMatchObject({ because: 'switched_off' })
    await runner.flags.set({ enabled: true })
    expect(await runner.route('admin', stats, 'c', { fallback })).toMatchObject({ by: 'job' })
  })

  test('goes to the fallback when the job can’t be stored, which hears why', async () => {
    const { runner, store } = setup([stats])
    store.insert = () =>
      Promise.reject(new StoreError('store_unavailable', 'memory', 'away', { retryable: true }))
    const heard: unknown[] = []
    const routed = await runner.route('cron', stats, 'a', { fallback: context => void heard.push(context) })
    expect(routed).toEqual({ by: 'fallback', because: 'enqueue_failed', result: undefined })
    expect(heard).toMatchObject([{ because: 'enqueue_failed', error: { code: 'store_unavailable' } }])
  })

  test('is refused when it is wrong itself: the fallback would not mend it', async () => {
    const { runner } = setup([stats])
    const never = () => expect.unreachable()
    await expect(runner.route('cron', stats, 7 as never, { fallback: never })).rejects.toMatchObject({
      code: 'invalid_input',
    })
    await expect(runner.route('', stats, 'a', { fallback: never })).rejects.toMatchObject({
      option: 'trigger',
    })
    await expect(
      runner.route('cron', stats, 'a', { fallback: never, after: ['nobody'] }),
    ).rejects.toMatchObject({ code: 'unknown_job' })
  })

  test('is refused when it is wrong itself, also while its trigger is off', async () => {
    const { runner } = setup([stats])
    await runner.flags.set({ enabled: false })
    const routed = (target: string, input: unknown, more: object = {}) =>
      runner.route('admin', target as never, input as never, { fallback, ...more } as never)
    await expect(routed('stats', 7)).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(routed('nobody', 'a')).rejects.toMatchObject({ code: 'unknown_processor' })
    await expect(routed('stats', 'a', { delay: 5 })).rejects.toMatchObject({ code: 'invalid_options' })
    await expect(routed('stats', 'a', { fallback: undefined })).rejects.toMatchObject({ option: 'fallback' })
  })

  test('has a trigger as long as jobs may have, which can be switched off', async () => {
    const { runner } = setup([stats])
    const trigger = 't'.repeat(500)
    await runner.flags.set({ triggers: { [trigger]: false } })
    expect(await runner.route(trigger, stats, 'a', { fallback })).toMatchObject({ because: 'trigger_off' })
  })

  test('throws what the fallback throws', async () => {
    const { runner } = setup([stats])
    await runner.flags.set({ enabled: false })
    const failing = () => Promise.reject(new Error('edge function failed'))
    await expect(runner.route('cron', stats, 'a', { fallback: failing })).rejects.toThrow(
      'edge function failed',
    )
  })
})

describe('a worker', () => {
  test('begins nothing while the master switch is off, and all of it afterwards', async () => {
    const { runner, clock } = setup([stats])
    const { id } = await runner.enqueue(stats, 'a')
    await runner.flags.set({ enabled: false })
    expect(await runner.work()).toEqual({ slices: 0, dueInMs: null })
    await runner.flags.set({ enabled: true })
    await runToEnd(runner, clock)
    expect(await runner.get(id)).toMatchObject({ state: 'completed', attempts: 0 })
  })

  test('holds back jobs whose trigger was switched off since, and counts nothing', async () => {
    const { runner, clock } = setup([stats])
    const held = await runner.enqueue(stats, 'a', { trigger: 'cron' })
    const free = await runner.enqueue(stats, 'b', { trigger: 'admin' })
    await runner.flags.set({ triggers: { cron: false } })
    await runner.work()
    expect(await runner.get(free.id)).toMatchObject({ state: 'completed' })
    expect(await runner.get(held.id)).toMatchObject({ state: 'waiting', attempts: 0, interruptions: 0 })

    await runner.flags.set({ triggers: { cron: 5 } })
    await clock.advance(30_000)
    await runner.work()
    expect(await runner.get(held.id), 'it is stored, so it was in the rollout').toMatchObject({
      state: 'completed',
    })
  })

  test('lets the job that it works come to its end', async () => {
    let off: () => Promise<unknown> = async () => {}
    const job = defineProcessor({ name: 'job', input: z.null(), run: () => off().then(() => 'done') })
    const { runner } = setup([job])
    off = () => runner.flags.set({ enabled: false })
    const { id } = await runner.enqueue(job, null)
    await runner.work()
    expect(await runner.get(id)).toMatchObject({ state: 'completed', output: 'done' })
  })
})

describe('flags', () => {
  test('keep what a change does not name', async () => {
    const { runner } = setup([stats])
    await runner.flags.set({ triggers: { cron: false, match: 10 } })
    await runner.flags.set({ triggers: { match: 50 } })
    expect(await runner.flags.get()).toEqual({ enabled: true, triggers: { cron: false, match: 50 } })
  })

  test('come from code when they are given there, and what it said last holds when it fails', async () => {
    let flags: () => Flags = () => ({ enabled: false, triggers: {} })
    const { runner } = setup([stats], { flags: () => flags() })
    const errors: unknown[] = []
    runner.on('error', error => errors.push(error))
    expect(await runner.route('cron', stats, 'a', { fallback })).toMatchObject({ because: 'switched_off' })
    flags = () => {
      throw new Error('no config')
    }
    expect(await runner.route('cron', stats, 'a', { fallback })).toMatchObject({ because: 'switched_off' })
    expect(errors).toMatchObject([{ message: 'no config' }])
    await expect(runner.flags.set({ enabled: true })).rejects.toMatchObject({ option: 'flags' })
  })

  test.each([-1, 100.5, Number.NaN, 'on'])('refuse the value %s', async value => {
    const { runner } = setup([stats])
    await expect(runner.flags.set({ triggers: { cron: value as number } })).rejects.toMatchObject({
      code: 'invalid_options',
      option: 'triggers.cron',
    })
  })

  test('are read from the environment, where what is not set is off', () => {
    const env = { USE_BG_JOBS_GLOBAL: 'true', USE_BG_JOBS_CRON: '25%', USE_BG_JOBS_ADMIN: '1' }
    expect(flagsFromEnv(['admin', 'cron', 'match'], env)).toEqual({
      enabled: true,
      triggers: { admin: true, cron: 25, match: false },
    })
    expect(flagsFromEnv([], {})).toEqual({ enabled: false, triggers: {} })
    expect(() => flagsFromEnv(['cron'], { USE_BG_JOBS_CRON: 'maybe' })).toThrow('USE_BG_JOBS_CRON')
  })

  test('let in a key for good once it is in, and about as many as they say', () => {
    const inAt = (share: number, key: string) =>
      refusal({ enabled: true, triggers: { t: share } }, 't', key) === undefined
    fc.assert(
      fc.property(fc.string(), fc.nat(100), fc.nat(100), (key, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)]
        expect(!inAt(less, key) || inAt(more, key)).toBe(true)
        expect([inAt(0, key), inAt(100, key)]).toEqual([false, true])
      }),
    )
    for (const share of [1, 10, 50, 90]) {
      const count = Array.from({ length: 20_000 }, (_, key) => inAt(share, `tenant-${key}`)).filter(
        Boolean,
      ).length
      expect(Math.abs(count / 200 - share), `${share} %`).toBeLessThan(1)
    }
  })

  test('are on in a store that never heard of them, also when it can’t be asked', async () => {
    const store = memoryStore()
    const { runner } = setup([stats], { store })
    store.cell = () => Promise.reject(new Error('away'))
    expect(await runner.route('cron', stats, 'a', { fallback })).toMatchObject({ by: 'job' })
  })
})

test('a trigger whose name no shell can set is read with underscores', () => {
  const env = { USE_BG_JOBS_GLOBAL: 'true', USE_BG_JOBS_POST_MATCH: 'true' }
  expect(flagsFromEnv(['post-match'], env).triggers).toEqual({ 'post-match': true })
})
