import assert from 'node:assert/strict'
import { isLonghaulError } from '@longhaul/core/store'
import { aHeldJob, aJob, assertUnchanged, aWrite, upTo, write } from '../builders.js'
import { topic } from '../topic.js'

export const lifecyclePromises = topic('lifecycle', promise => {
  promise('has a name', async ({ store }) => {
    assert.equal(typeof store.name, 'string')
    assert.notEqual(store.name, '')
  })

  promise('can be opened again, and by many at once, and changes nothing', async ({ store }) => {
    const held = await aHeldJob(store)
    await write(store, held, {}, { logs: [{ level: 'info', message: 'm' }] })
    await assertUnchanged(store, () => Promise.all(Array.from({ length: 4 }, () => store.open())))
  })

  promise('can be closed twice', async ({ store }) => {
    await store.close()
    await store.close()
  })

  promise('refuses every call once it is closed', async ({ store }) => {
    await store.close()
    const calls = [
      store.insert([aJob()]),
      store.claim(upTo(1)),
      store.commit([aWrite({ id: 'a', token: 1 })]),
      store.request({ kind: 'cancel' }, {}),
      store.get('a'),
      store.list({}, { limit: 1 }),
      store.count({}),
      store.records('a', 'logs', { limit: 1 }),
      store.prune({ states: ['failed'], olderThanMs: 1, limit: 1 }),
      store.cell('c'),
      store.swap('c', { id: 's', version: 0, value: null }),
    ]
    for (const outcome of await Promise.allSettled(calls)) {
      assert.equal(outcome.status, 'rejected')
      assert.ok(isLonghaulError(outcome.reason) && outcome.reason.code === 'store_closed')
    }
  })

  promise('says that it can listen exactly if it does', async ({ store, can }) => {
    assert.equal(store.listen !== undefined, can.includes('listen'))
  })
})
