import assert from 'node:assert/strict'
import {
  aHeldJob,
  aJob,
  assertBetween,
  assertHas,
  aWrite,
  claimed,
  everyHead,
  idsOf,
  nowOf,
  someJobs,
  stored,
  upTo,
  write,
} from '../builders.js'
import { topic } from '../topic.js'

export const followUpPromises = topic('follow-ups', promise => {
  promise('adds the follow-up jobs with the write', async ({ store }) => {
    const held = await aHeldJob(store)
    const follow = [aJob({ id: 'f1', input: 'one', tags: ['t'] }), aJob({ id: 'f2', key: 'k' })]
    await write(store, held, { state: 'completed' }, { follow })
    assertHas(await stored(store, { id: 'f1' }), { input: 'one', tags: ['t'], state: 'waiting', token: 0 })
    assert.deepEqual(await claimed(store, 9), ['f1', 'f2'])
  })

  promise('adds follow-up jobs with a write that keeps the job', async ({ store }) => {
    const held = await aHeldJob(store)
    await write(store, held, { cursor: 'c1' }, { follow: [aJob({ id: 'f' })] })
    assertHas(await stored(store, held), { state: 'running' })
    assert.deepEqual(await claimed(store), ['f'])
  })

  promise(
    "counts the delay of a follow-up from the write, by the store's clock",
    async ({ store, advance }) => {
      const held = await aHeldJob(store)
      await advance(10_000)
      const before = await nowOf(store)
      await write(store, held, { state: 'completed' }, { follow: [aJob({ id: 'f', delayMs: 5_000 })] })
      assertBetween((await stored(store, { id: 'f' })).dueAt, before + 5_000, (await nowOf(store)) + 5_000)
    },
  )

  promise('adds none with a write that is refused, and all with its neighbours', async ({ store }) => {
    const [one, two] = [await aHeldJob(store), await aHeldJob(store)]
    const answers = await store.commit([
      aWrite({ ...one, token: 5 }, { state: 'completed' }, { follow: someJobs(3) }),
      aWrite(two, { state: 'completed' }, { follow: [aJob({ id: 'f' })] }),
    ])
    assert.deepEqual(
      answers.map(({ accepted }) => accepted),
      [false, true],
    )
    assert.deepEqual(idsOf(await everyHead(store)).sort(), [one.id, two.id, 'f'].sort())
  })

  promise('keeps every write of a call in which only some bring follow-up jobs', async ({ store }) => {
    const held = [await aHeldJob(store), await aHeldJob(store), await aHeldJob(store)] as const
    const answers = await store.commit([
      aWrite(held[0], { cursor: 'c1' }),
      aWrite(held[1], { cursor: 'c2' }, { follow: someJobs(3) }),
      aWrite(held[2], { state: 'completed', output: '"o"' }, { follow: [aJob({ id: 'f' })] }),
    ])
    assert.ok(answers.every(({ accepted }) => accepted))
    assertHas(await stored(store, held[0]), { cursor: 'c1', state: 'running' })
    assertHas(await stored(store, held[1]), { cursor: 'c2', state: 'running' })
    assertHas(await stored(store, held[2]), { state: 'completed', output: '"o"' })
    assert.deepEqual((await claimed(store, 9)).sort(), ['1', '2', '3', 'f'])
  })

  promise('leaves a follow-up as it is when its id is known', async ({ store }) => {
    await store.insert([aJob({ id: 'f', input: 'old', delayMs: 1_000 })])
    const held = await aHeldJob(store)
    await write(store, held, { state: 'completed' }, { follow: [aJob({ id: 'f', input: 'new' })] })
    assertHas(await stored(store, { id: 'f' }), { input: 'old' })
  })

  promise('frees a lane and fills it with a follow-up in one write', async ({ store }) => {
    const held = await aHeldJob(store, { lane: 'l' })
    await write(store, held, { state: 'completed' }, { follow: [aJob({ id: 'f', lane: 'l' })] })
    assert.deepEqual(idsOf(await store.claim(upTo(9))), ['f'])
  })

  promise('adds a hundred follow-ups with one write', async ({ store }) => {
    const held = await aHeldJob(store)
    await write(store, held, { state: 'completed' }, { follow: someJobs(100) })
    assert.deepEqual(await claimed(store, 200), idsOf(someJobs(100)))
  })
})
