import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, memoryStore, Skip } from '../../src/index.js'
import { fakeClock, runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

const walk = defineProcessor({
  name: 'walk "it"',
  input: z.null(),
  items: ({ cursor }) => [1, 2, 3, 4].filter(id => id > (cursor ?? 0)).map(id => [id, id]),
  each: id => {
    if (id === 2) throw new Skip('not wanted')
    if (id === 3) throw new Error('broken')
  },
  onItemError: { tolerate: { count: 1 } },
})

const flaky = defineProcessor({
  name: 'flaky',
  input: z.null(),
  run: ({ attempt }) => {
    if (attempt === 1) throw new Error('again')
  },
})

const process = () => ({ rssBytes: 1_000, heapUsedBytes: 500, cpuMs: 2_500 })

async function worked(more: { timeStoreCalls?: boolean } = {}) {
  const made = setup([walk, flaky], { process, ...more })
  await made.runner.enqueue(walk, null)
  await made.runner.enqueue(flaky, null)
  await runToEnd(made.runner, made.clock)
  return made
}

const lines = (text: string) => text.split('\n')

test('attempts are counted by processor and outcome, and timed', async () => {
  const { runner } = await worked()
  expect(lines(await runner.metrics())).toEqual(
    expect.arrayContaining([
      'longhaul_attempts_total{processor="walk \\"it\\"",outcome="completed_with_errors"} 1',
      'longhaul_attempts_total{processor="flaky",outcome="retrying"} 1',
      'longhaul_attempts_total{processor="flaky",outcome="completed"} 1',
      'longhaul_attempt_seconds_count{processor="flaky"} 2',
      'longhaul_jobs_enqueued_total{processor="flaky"} 1',
      'longhaul_jobs_claimed_total 3',
    ]),
  )
})

test('an attempt takes what its handler takes, by the clock', async () => {
  const clock = fakeClock()
  const slow = defineProcessor({ name: 'slow', input: z.null(), run: () => clock.sleep(2_000) })
  const { runner } = setup([slow], { clock, store: memoryStore({ clock }) })
  await runner.enqueue(slow, null)
  await runToEnd(runner, clock)
  const text = await runner.metrics()
  expect(text).toContain('longhaul_attempt_seconds_sum{processor="slow"} 2\n')
  expect(text).toContain('longhaul_attempt_seconds_bucket{processor="slow",le="1"} 0\n')
  expect(text).toContain('longhaul_attempt_seconds_bucket{processor="slow",le="5"} 1\n')
})

test('items are counted once, however often a job is saved on its way', async () => {
  const { runner } = await worked()
  expect(lines(await runner.metrics()).filter(line => line.startsWith('longhaul_items_total'))).toEqual([
    'longhaul_items_total{processor="walk \\"it\\"",outcome="completed"} 2',
    'longhaul_items_total{processor="walk \\"it\\"",outcome="failed"} 1',
    'longhaul_items_total{processor="walk \\"it\\"",outcome="skipped"} 1',
  ])
})

test('jobs are shown by state, and those that are due with their age', async () => {
  const { runner, clock } = setup([walk, flaky])
  await runner.enqueue(flaky, null)
  await clock.advance(90_000)
  await runner.enqueueMany(flaky, [{ input: null }, { input: null, delayMs: 60_000 }])
  expect(lines(await runner.metrics())).toEqual(
    expect.arrayContaining([
      'longhaul_jobs{state="waiting"} 3',
      'longhaul_jobs{state="failed"} 0',
      'longhaul_jobs_due 2',
      'longhaul_oldest_due_seconds 90',
    ]),
  )
})

test('calls of the store are timed only when that is wanted', async () => {
  const { runner } = await worked()
  expect(await runner.metrics()).not.toContain('longhaul_store_call')
})

test('calls of the store are timed by method, and failed ones counted', async () => {
  const { runner, store } = await worked({ timeStoreCalls: true })
  store.get = () => Promise.reject(new Error('gone'))
  await runner.get('x').catch(() => {})
  const text = await runner.metrics()
  expect(text).toContain('longhaul_store_call_seconds_count{method="insert"} 2\n')
  expect(text).toContain('longhaul_store_call_errors_total{method="get"} 1\n')
})

test('the process is told by whoever was given for it', async () => {
  const { runner } = await worked()
  const text = await runner.metrics()
  expect(text).toContain('longhaul_process_resident_memory_bytes 1000\n')
  expect(text).toContain(
    '# TYPE longhaul_process_cpu_seconds_total counter\nlonghaul_process_cpu_seconds_total 2.5\n',
  )
})

test('a running worker shows its slots, and how late its heartbeat is', async () => {
  const { runner, clock } = setup([flaky], { concurrency: 3 })
  await runner.start()
  await clock.advance(2_000)
  const text = await runner.metrics()
  expect(text).toContain('longhaul_slots{state="busy"} 0\nlonghaul_slots{state="free"} 3\n')
  expect(text).toContain('longhaul_event_loop_late_seconds 0\n')
  await runner.stop()
})

test('a store that is gone is told of, and the rest is told all the same', async () => {
  const { runner, store } = await worked()
  store.count = () => Promise.reject(new Error('gone'))
  const text = await runner.metrics()
  expect(text).toContain('longhaul_store_up 0\n')
  expect(text).not.toContain('longhaul_jobs{')
  expect(text).toContain('longhaul_attempts_total')
})

test('the text is one that Prometheus can read: no name twice, and every line of a known form', async () => {
  const { runner } = await worked({ timeStoreCalls: true })
  const text = await runner.metrics()
  const types = lines(text).filter(line => line.startsWith('# TYPE'))
  expect(new Set(types).size).toBe(types.length)
  const form =
    /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\})? (\d+(\.\d+)?(e-?\d+)?|\+Inf))$/
  expect(lines(text.trimEnd()).filter(line => !form.test(line))).toEqual([])
})
