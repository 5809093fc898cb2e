import assert from 'node:assert/strict'
import { isLonghaulError, type Store, type Transaction, type Write } from '@longhaul/core/store'
import {
  aHeldJob,
  aJob,
  assertHas,
  assertUnchanged,
  aWrite,
  claimed,
  idsOf,
  someJobs,
  stored,
} from '../builders.js'
import { topic } from '../topic.js'

export const foreignTransactionPromises = topic('foreign transactions', promise => {
  promise('refuses to insert in something that is no transaction of its own', async ({ store }) => {
    await assertUnchanged(store, () => assertInvalid(store.insert([aJob()], {})))
  })

  promise('refuses to commit in something that is no transaction of its own', async ({ store }) => {
    const held = await aHeldJob(store)
    await assertUnchanged(store, () =>
      assertInvalid(store.commit([aWrite(held, { state: 'completed' })], {})),
    )
  })
})

export const transactionPromises = topic(
  'transactions',
  promise => {
    promise('stores jobs when the transaction of their insert commits', async ({ store, transaction }) => {
      const { via, commit } = await transaction()
      const answer = await store.insert(someJobs(3), via)
      assert.deepEqual(idsOf(answer), ['1', '2', '3'])
      await commit()
      assert.deepEqual(await claimed(store, 9), ['1', '2', '3'])
    })

    promise(
      'stores no job when the transaction of its insert is rolled back',
      async ({ store, transaction }) => {
        await assertUnchanged(store, async () => {
          const { via, rollback } = await transaction()
          await store.insert(someJobs(3, { key: 'k' }), via)
          await rollback()
        })
        assert.deepEqual(idsOf(await store.insert([aJob({ id: 'new', key: 'k' })])), ['new'])
      },
    )

    promise('writes when the transaction of a commit commits', async ({ store, transaction }) => {
      const held = await aHeldJob(store)
      const { via, commit } = await transaction()
      const [answer] = await store.commit(
        [aWrite(held, { cursor: 'c1' }, { follow: [aJob({ id: 'f' })] })],
        via,
      )
      assertHas(answer, { accepted: true })
      await commit()
      assertHas(await stored(store, held), { cursor: 'c1' })
      assertHas(await stored(store, { id: 'f' }), { state: 'waiting' })
    })

    promise(
      'writes nothing when the transaction of a commit is rolled back',
      async ({ store, transaction }) => {
        const held = await aHeldJob(store)
        await assertUnchanged(store, async () => {
          const { via, rollback } = await transaction()
          const more = { follow: [aJob()], logs: [{ level: 'info', message: 'm' }] as const }
          await store.commit([aWrite(held, { state: 'completed' }, more)], via)
          await rollback()
        })
      },
    )

    promise('takes a write again whose transaction was rolled back', async ({ store, transaction }) => {
      const held = await aHeldJob(store)
      const { via, rollback } = await transaction()
      await store.commit([aWrite(held, { cursor: 'c1' })], via)
      await rollback()
      await store.commit([aWrite(held, { cursor: 'c1' })])
      assertHas(await stored(store, held), { cursor: 'c1' })
    })

    promise('refuses a stale write in a transaction too', async ({ store, transaction }) => {
      const held = await aHeldJob(store)
      await assertUnchanged(store, async () => {
        const { via, commit } = await transaction()
        assert.ok(await isRefused(store, aWrite({ ...held, token: 7 }, { state: 'completed' }), via))
        await commit()
      })
    })
  },
  'transactions',
)

/** By its answer, or at once where the transaction is a synchronous one. */
async function isRefused(store: Store, write: Write, via: Transaction): Promise<boolean> {
  try {
    const [committed] = await store.commit([write], via)
    return committed?.accepted === false
  } catch (error) {
    return isLonghaulError(error) && error.code === 'write_refused'
  }
}

async function assertInvalid(call: Promise<unknown>) {
  await assert.rejects(call, error => isLonghaulError(error) && error.code === 'invalid_transaction')
}
