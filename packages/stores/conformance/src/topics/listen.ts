import assert from 'node:assert/strict'
import type { Store } from '@longhaul/core/store'
import { aHeldJob, aJob, anEndedJob, leaseMs, upTo, wish, write } from '../builders.js'
import { topic } from '../topic.js'

export const listenPromises = topic(
  'listen',
  promise => {
    promise('wakes soon after an insert', async ({ store }) => {
      const heard = await hears(store)
      await store.insert([aJob()])
      await heard()
    })

    promise('wakes soon after a job was given back', async ({ store }) => {
      const held = await aHeldJob(store)
      const heard = await hears(store)
      await write(store, held, { state: 'waiting' })
      await heard()
    })

    promise('wakes soon after a follow-up was added', async ({ store }) => {
      const held = await aHeldJob(store)
      const heard = await hears(store)
      await write(store, held, { state: 'completed' }, { follow: [aJob()] })
      await heard()
    })

    promise('wakes soon after a resume, a retry and a promote', async ({ store }) => {
      const failed = await anEndedJob(store, 'failed')
      await store.insert([aJob({ id: 'paused' }), aJob({ id: 'later', delayMs: leaseMs })])
      await wish(store, 'pause', 'paused')
      for (const [kind, id] of [
        ['resume', 'paused'],
        ['retry', failed.id],
        ['promote', 'later'],
      ] as const) {
        const heard = await hears(store)
        await wish(store, kind, id)
        await heard()
      }
    })

    promise('wakes everyone, whatever one of them throws', async ({ store }) => {
      await listening(store, () => {
        throw new Error('a listener broke')
      })
      const heard = await hears(store)
      await store.insert([aJob()])
      await heard()
    })

    promise('wakes no one who has stopped to listen', async ({ store }) => {
      let wakes = 0
      const stop = await listening(store, () => wakes++)
      await stop()
      await stop()
      const heard = await hears(store)
      await store.insert([aJob()])
      await heard()
      assert.equal(wakes, 0)
    })

    promise('wakes for what becomes due with time, if it says that it hears', async ({ store }) => {
      if (!store.hears) return
      assert.equal(store.hears(), false)
      await store.insert([aJob({ delayMs: dueInMs })])
      await wakesWithTime(store)
      await store.claim(upTo(1, { leaseMs: dueInMs }))
      await wakesWithTime(store)
    })

    promise('lets a listener use the store at once', async ({ store }) => {
      const seen = new Promise(resolve => void listening(store, () => resolve(store.count({}))))
      await store.insert([aJob()])
      assert.ok(await seen)
    })
  },
  'listen',
)

/** Sooner than listeners are given to hear. */
const dueInMs = 700

async function wakesWithTime(store: Store) {
  const heard = await hears(store)
  assert.deepEqual(await store.claim(upTo(1)), [])
  await heard()
}

async function listening(store: Store, wake: () => void) {
  assert.ok(store.listen, 'a store that says it can listen does')
  return store.listen(wake)
}

/** Starts to listen. Answers with what waits until it heard something, or fails: a second is soon. */
async function hears(store: Store): Promise<() => Promise<void>> {
  let stop = async () => {}
  const woken = new Promise<'woken'>(resolve => {
    void listening(store, () => resolve('woken')).then(stopListening => (stop = stopListening))
  })
  await new Promise(resolve => setImmediate(resolve))
  return async () => {
    assert.equal(await Promise.race([woken, timeout(1_000)]), 'woken')
    await stop()
  }
}

function timeout(ms: number) {
  return new Promise<'nothing heard'>(resolve => setTimeout(resolve, ms, 'nothing heard').unref())
}
