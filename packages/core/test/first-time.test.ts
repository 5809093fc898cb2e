import { expect, it } from 'vitest'
import { memoryStore } from '../src/index.js'
import { fakeClock } from '../src/testing/index.js'
import { setup } from './setup.js'

const minute = 60_000

it('only the first of all processes that bring an id is told so', async () => {
  const { runner, another, clock } = setup([])

  const answering = Promise.all([1, 2, 3, 4].map(() => another().firstTime('call-1', minute)))
  await clock.advance(10_000)
  const answers = await answering

  expect(answers.filter(Boolean)).toHaveLength(1)
  expect(await runner.firstTime('call-1', minute)).toBe(false)
  expect(await runner.firstTime('call-2', minute)).toBe(true)
})

it('an id is new again when its time is over', async () => {
  const { runner, clock } = setup([])
  await runner.firstTime('call', minute)

  await clock.advance(minute)

  expect(await runner.firstTime('call', minute)).toBe(true)
})

it('what is remembered stays small: of more than 500 ids the oldest are forgotten', async () => {
  const clock = fakeClock()
  const store = memoryStore({ clock })
  const { runner } = setup([], { clock, store })
  for (let call = 0; call <= 500; call++) await runner.firstTime(`call-${call}`, minute)

  expect(await runner.firstTime('call-500', minute)).toBe(false)
  expect(await runner.firstTime('call-0', minute)).toBe(true)
  expect(JSON.parse((await store.cell('first-times')).value ?? '')).toHaveLength(500)
})
