import assert from 'node:assert/strict'
import {
  aHeldJob,
  aJob,
  anEndedJob,
  assertHas,
  assertUnchanged,
  claimed,
  everyHead,
  idsOf,
  leaseMs,
  someJobs,
  upTo,
  wish,
  write,
} from '../builders.js'
import { topic } from '../topic.js'
import { writeKinds } from './stale.js'

/** The call was applied, and its reply never arrived. The caller connects again, and repeats it from there. */
async function lost(call: Promise<unknown>): Promise<void> {
  await call
}

export const lostReplyPromises = topic('lost replies', promise => {
  for (const [kind, extra] of Object.entries(writeKinds)) {
    promise(
      `stores ${kind} once when its reply was lost and it is sent again`,
      async ({ store, another, advance }) => {
        const held = await aHeldJob(store)
        const more = { ...extra, follow: [aJob({ id: 'follow' })] }
        await lost(write(store, held, extra.patch, more))
        await advance(1_000)
        const again = await another()
        await assertUnchanged(again, async () => {
          assert.equal((await write(again, held, extra.patch, more)).accepted, true)
        })
      },
    )
  }

  promise('inserts once when the reply to an insert was lost', async ({ store, another }) => {
    const jobs = someJobs(5)
    await lost(store.insert(jobs))
    assert.deepEqual(idsOf(await (await another()).insert(jobs)), idsOf(jobs))
    assert.equal((await everyHead(store)).length, 5)
  })

  promise(
    'gives the same jobs with the same tokens when the reply to a claim was lost',
    async ({ store, another }) => {
      await store.insert(someJobs(5))
      const request = upTo(3)
      await lost(store.claim(request))
      const again = await (await another()).claim(request)
      assert.deepEqual(idsOf(again).sort(), ['1', '2', '3'])
      assert.ok(again.every(({ token, crashes }) => token === 1 && crashes === 0))
    },
  )

  promise(
    'gives a job out after its lease when the reply to a claim was lost for good',
    async ({ store, advance }) => {
      await store.insert([aJob({ id: 'a' })])
      await lost(store.claim(upTo(1)))
      assert.deepEqual(await claimed(store), [])
      await advance(leaseMs + 1)
      assert.deepEqual(await claimed(store), ['a'])
    },
  )

  promise('swaps once when the reply to a swap was lost', async ({ store, another }) => {
    const change = { id: 's', version: 0, value: 'v' }
    await lost(store.swap('cell', change))
    assertHas(await (await another()).swap('cell', change), { value: 'v', version: 1 })
    assertHas(await store.cell('cell'), { value: 'v', version: 1 })
  })

  promise('carries a wish out once when its reply was lost', async ({ store, another }) => {
    const ended = await anEndedJob(store, 'failed')
    await lost(wish(store, 'retry', ended.id))
    const again = await another()
    await assertUnchanged(again, () => wish(again, 'retry', ended.id))
  })

  promise('prunes on with the next chunk when the reply to a prune was lost', async ({ store, advance }) => {
    for (let ended = 0; ended < 5; ended++) await anEndedJob(store)
    await advance(1_000)
    const rule = { states: ['completed'], olderThanMs: 1, limit: 2 } as const
    await lost(store.prune(rule))
    const left = [await store.prune(rule), await store.prune(rule), await store.prune(rule)]
    assert.deepEqual(left, [2, 1, 0])
  })

  promise('carries a job through a life in which each reply was lost', async ({ store, another }) => {
    const again = await another()
    const request = upTo(1)
    const held = { id: 'a', token: 1 }
    const calls = [
      (from: typeof store) => from.insert([aJob({ id: 'a' })]),
      (from: typeof store) => from.claim(request),
      (from: typeof store) => write(from, held, { cursor: 'c1' }, { seq: 1 }),
      (from: typeof store) => write(from, held, { cursor: 'c2', leaseMs }, { seq: 2 }),
      (from: typeof store) =>
        write(from, held, { state: 'completed' }, { seq: 3, follow: [aJob({ id: 'next' })] }),
    ]
    for (const call of calls) {
      await lost(call(store))
      await call(again)
    }
    assertHas(await store.get('a'), { state: 'completed', cursor: 'c2', token: 1, crashes: 0 })
    assert.deepEqual(idsOf(await everyHead(store)), ['next', 'a'])
  })
})
