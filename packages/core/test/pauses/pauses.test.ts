import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor } from '../../src/index.js'
import { without } from '../../src/pauses/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { deferred, setup } from '../setup.js'

const mail = defineProcessor({ name: 'mail', input: z.null(), queue: 'mail', run: () => {} })
const sync = defineProcessor({ name: 'sync', input: z.null(), queue: 'slow', run: () => {} })

test('nothing of a paused queue is claimed until it is resumed, and all else is', async () => {
  const { runner, another } = setup([mail, sync])
  await another().queues.pause('mail')
  const [held, free] = [await runner.enqueue(mail, null), await runner.enqueue(sync, null)]
  await runner.work()

  expect(await runner.get(free.id)).toMatchObject({ state: 'completed' })
  expect(await runner.get(held.id)).toMatchObject({ state: 'waiting' })
  expect(await runner.queues.paused()).toEqual(['mail'])
  await another().queues.resume('mail')
  await runner.work()
  expect(await runner.get(held.id)).toMatchObject({ state: 'completed' })
})

test('nothing of a paused processor is claimed', async () => {
  const { runner, clock } = setup([mail, sync])
  await runner.processors.pause('sync')
  const [free, held] = [await runner.enqueue(mail, null), await runner.enqueue(sync, null)]
  await runToEnd(runner, clock)
  expect(await runner.get(free.id)).toMatchObject({ state: 'completed' })
  expect(await runner.get(held.id)).toMatchObject({ state: 'waiting' })
  expect(await runner.processors.paused()).toEqual(['sync'])
})

test('a pass finds nothing to do in what is paused, and says so', async () => {
  const { runner } = setup([mail, sync])
  await runner.enqueue(sync, null)
  await runner.processors.pause('sync')
  await runner.processors.pause('mail')
  expect(await runner.work()).toEqual({ slices: 0, dueInMs: null })

  await runner.processors.resume('sync')
  await runner.queues.pause('slow')
  expect(await runner.work(), 'not at once again').toEqual({ slices: 0, dueInMs: 5_000 })
})

test('a worker that runs hears of a pause, and of its end, within five seconds', async () => {
  const { runner, clock, another } = setup([mail])
  await runner.start()
  await clock.advance(1_000)
  await another().queues.pause('mail')
  await clock.advance(6_500)
  const { id } = await runner.enqueue(mail, null)
  await clock.advance(20_000)
  expect(await runner.get(id)).toMatchObject({ state: 'waiting' })

  await another().queues.resume('mail')
  await clock.advance(6_500)
  expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  await runner.stop()
})

test('a worker that was busy since before a pause takes nothing of it', async () => {
  const long = deferred()
  const busy = defineProcessor({ name: 'busy', input: z.null(), run: () => long.promise })
  const { runner, clock, another } = setup([busy, mail], { concurrency: 1 })
  await runner.enqueue(busy, null)
  await runner.start()
  await clock.advance(1_000)
  await another().queues.pause('mail')
  await clock.advance(60_000)
  const { id } = await runner.enqueue(mail, null)
  long.resolve()
  await clock.advance(1_000)
  expect(await runner.get(id)).toMatchObject({ state: 'waiting' })
  await runner.stop()
})

test('a pass that is given queues says when the next of those is due', async () => {
  const { runner } = setup([mail, sync], { queues: ['mail'] })
  await runner.enqueue(sync, null)
  expect(await runner.work()).toEqual({ slices: 0, dueInMs: null })
})

test('a name is kept once, and a strange one is refused', async () => {
  const { runner } = setup([mail])
  await runner.queues.pause('mail')
  await runner.queues.pause('mail')
  await runner.queues.resume('nobody')
  expect(await runner.queues.paused()).toEqual(['mail'])
  await expect(runner.queues.pause('')).rejects.toMatchObject({ code: 'invalid_options' })
})

test('what a worker asks for is what it may claim', () => {
  const all = { processors: ['a', 'b'] }
  expect(without(all, { processors: [], queues: [] })).toBe(all)
  expect(without(all, { processors: ['a'], queues: [] })).toEqual({ processors: ['b'] })
  expect(without(all, { processors: ['a', 'b'], queues: [] })).toBeUndefined()
  expect(without(all, { processors: [], queues: ['q'] })).toEqual({ ...all, exceptQueues: ['q'] })
  const some = { ...all, queues: ['q', 'r'] }
  expect(without(some, { processors: [], queues: ['q'] })).toEqual({ ...all, queues: ['r'] })
  expect(without(some, { processors: [], queues: ['q', 'r'] })).toBeUndefined()
})
