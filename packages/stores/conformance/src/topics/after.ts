import assert from 'node:assert/strict'
import type { After, NewJob, Store, Write } from '@longhaul/core/store'
import {
  aHeldJob,
  aJob,
  anEndedJob,
  assertBetween,
  assertHas,
  assertUnchanged,
  aWrite,
  claimed,
  idsOf,
  leaseMs,
  nowOf,
  someJobs,
  stored,
  upTo,
  wish,
  write,
} from '../builders.js'
import { topic } from '../topic.js'

export const afterPromises = topic('after', promise => {
  promise('blocks a job until the one that it waits for has succeeded', async ({ store }) => {
    await store.insert([aJob({ id: 'a' }), waiting('b', ['a'])])
    assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1, token: 0 })
    const [held] = await store.claim(upTo(9))
    assertHas(held, { id: 'a', waitsFor: 0 })
    await write(store, held ?? aHeld, { state: 'completed' })
    assertHas(await stored(store, { id: 'b' }), { state: 'waiting', waitsFor: 0 })
    assert.deepEqual(await claimed(store, 9), ['b'])
  })

  promise('answers an insert with the job as it stands', async ({ store }) => {
    await anEndedJob(store, 'completed', { id: 'over' })
    const jobs = await store.insert([aJob({ id: 'a' }), waiting('b', ['a', 'over']), waiting('c', ['over'])])
    assert.deepEqual(
      jobs.map(({ state, waitsFor }) => [state, waitsFor]),
      [
        ['waiting', 0],
        ['blocked', 1],
        ['waiting', 0],
      ],
    )
    for (const job of jobs) assert.deepEqual(await stored(store, job), job)
  })

  for (const state of ['completed', 'completed_with_errors'] as const) {
    promise(`takes a job that ended as ${state} for one that succeeded`, async ({ store }) => {
      const held = await aHeldJob(store)
      await store.insert([waiting('b', [held.id])])
      await write(store, held, { state })
      assertHas(await stored(store, { id: 'b' }), { state: 'waiting', waitsFor: 0 })
      await store.insert([waiting('later', [held.id])])
      assertHas(await stored(store, { id: 'later' }), { state: 'waiting', waitsFor: 0 })
    })
  }

  for (const state of ['failed', 'cancelled'] as const) {
    promise(`cancels who waits for the success of a job that is ${state}`, async ({ store }) => {
      const held = await aHeldJob(store)
      await store.insert([waiting('b', [held.id]), waiting('c', [held.id], 'ended')])
      const { job } = await write(store, held, { state })
      const vain = await stored(store, { id: 'b' })
      assertHas(vain, { state: 'cancelled', waitsFor: 1 })
      assertBetween(vain.endedAt ?? 0, job?.endedAt ?? 0, await nowOf(store))
      assertHas(await stored(store, { id: 'c' }), { state: 'waiting', waitsFor: 0 })
    })

    promise(`stores a job as cancelled that needs the success of one that is ${state}`, async ({ store }) => {
      const over = await anEndedJob(store, state)
      const [b, c] = await store.insert([waiting('b', [over.id]), waiting('c', [over.id], 'ended')])
      assertHas(b, { state: 'cancelled', waitsFor: 1 })
      assertBetween(b?.endedAt ?? 0, b?.createdAt ?? 1, await nowOf(store))
      assertHas(c, { state: 'waiting', waitsFor: 0 })
      assert.deepEqual(await stored(store, { id: 'b' }), b)
      await store.insert([waiting('d', ['b'])])
      assertHas(await stored(store, { id: 'd' }), { state: 'cancelled', waitsFor: 1 })
    })
  }

  promise(
    'cancels all of a chain that waits in vain, and releases who waits for its end',
    async ({ store }) => {
      const [held, other] = [await aHeldJob(store), await aHeldJob(store)]
      await store.insert([
        waiting('b', [held.id]),
        waiting('c', ['b', other.id]),
        waiting('d', ['c']),
        waiting('finish', [held.id, 'b', 'c', 'd'], 'ended'),
      ])
      await write(store, held, { state: 'failed' })
      for (const id of ['b', 'c', 'd']) assertHas(await stored(store, { id }), { state: 'cancelled' })
      assertHas(await stored(store, { id: 'c' }), { waitsFor: 2 })
      assert.deepEqual(await claimed(store, 9), ['finish'])
    },
  )

  promise('cancels a chain of a thousand that waits in vain in one step', async ({ store }) => {
    const held = await aHeldJob(store)
    const chain = someJobs(1_000).map((job, index) => ({
      ...job,
      after: afterOf([index === 0 ? held.id : `${index}`]),
    }))
    await store.insert(chain)
    await write(store, held, { state: 'failed' })
    assertHas((await store.count({})).states, { failed: 1, cancelled: 1_000 })
  })

  promise('cancels a paused job that waits in vain', async ({ store }) => {
    const held = await aHeldJob(store)
    await store.insert([waiting('b', [held.id])])
    await wish(store, 'pause', 'b')
    await write(store, held, { state: 'failed' })
    assertHas(await stored(store, { id: 'b' }), { state: 'cancelled', waitsFor: 1 })
  })

  promise('releases when a failed job, and who waited for it, are tried again', async ({ store }) => {
    const held = await aHeldJob(store)
    await store.insert([waiting('b', [held.id]), waiting('c', ['b'])])
    await write(store, held, { state: 'failed' })
    assert.equal(await store.request({ kind: 'retry' }, { states: ['failed', 'cancelled'] }), 3)
    assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1, endedAt: null })
    for (const id of [held.id, 'b', 'c']) {
      const [job] = await store.claim(upTo(9))
      assertHas(job, { id })
      await write(store, job ?? aHeld, { state: 'completed' })
    }
  })

  promise('waits for a failed job again when it alone is tried again', async ({ store }) => {
    const held = await aHeldJob(store)
    await store.insert([waiting('b', [held.id])])
    await write(store, held, { state: 'failed' })
    await wish(store, 'retry', 'b')
    assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1 })
    await wish(store, 'retry', held.id)
    await write(store, (await store.claim(upTo(9)))[0] ?? aHeld, { state: 'completed' })
    assert.deepEqual(await claimed(store, 9), ['b'])
  })

  promise('counts no job again that is tried again after its end', async ({ store }) => {
    const job = await aHeldJob(store)
    const other = await aHeldJob(store)
    await store.insert([waiting('b', [job.id, other.id], 'ended')])
    await write(store, job, { state: 'failed' })
    await wish(store, 'retry', job.id)
    await write(store, (await store.claim(upTo(1)))[0] ?? aHeld, { state: 'failed' })
    assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1 })
    await write(store, other, { state: 'completed' })
    assertHas(await stored(store, { id: 'b' }), { state: 'waiting', waitsFor: 0 })
  })

  promise('waits for all of many jobs, in whatever order they end', async ({ store }) => {
    await store.insert([...someJobs(5), waiting('last', ['1', '2', '3', '4', '5'])])
    const held = await store.claim(upTo(9))
    for (const [index, job] of [...held].reverse().entries()) {
      assertHas(await stored(store, { id: 'last' }), { state: 'blocked', waitsFor: 5 - index })
      await write(store, job, { state: 'completed' })
    }
    assert.deepEqual(await claimed(store, 9), ['last'])
  })

  promise('releases the job that waits for all of ten thousand others', async ({ store }) => {
    const many = Array.from({ length: 10_000 }, () => aJob({ group: 'g' }))
    await store.insert([...many, { ...waiting('last', idsOf(many), 'ended'), group: 'g' }])
    assertHas(await stored(store, { id: 'last' }), { state: 'blocked', waitsFor: 10_000 })
    for (let round = 0; round < 10; round++) {
      const held = await store.claim(upTo(1_000))
      await store.commit(held.map((job, at) => aWrite(job, { state: at % 2 ? 'failed' : 'completed' })))
    }
    assertHas((await store.count({ group: 'g' })).states, { completed: 5_000, failed: 5_000, waiting: 1 })
    assert.deepEqual(await claimed(store, 9), ['last'])
  })

  promise('releases with one commit that ends all who are waited for', async ({ store }) => {
    await store.insert([...someJobs(20), waiting('last', idsFrom(1, 20)), waiting('early', ['3', '7'])])
    const held = await store.claim(upTo(20))
    await store.commit(held.map(job => aWrite(job, { state: 'completed' })))
    assert.deepEqual((await claimed(store, 9)).sort(), ['early', 'last'])
  })

  promise('answers a write in the light of those before it in the call', async ({ store }) => {
    const held = await aHeldJob(store)
    await store.insert([waiting('b', [held.id])])
    const [, refused] = await store.commit([
      aWrite(held, { state: 'completed' }),
      aWrite({ id: 'b', token: 1 }, { state: 'completed' }),
    ])
    assertHas(refused, { accepted: false })
    assertHas(refused?.job, { state: 'waiting' })
  })

  promise('releases many jobs with the one that they wait for', async ({ store }) => {
    const held = await aHeldJob(store)
    await store.insert(someJobs(100).map(job => ({ ...job, after: afterOf([held.id]) })))
    assert.deepEqual(await claimed(store, 200), [])
    await write(store, held, { state: 'completed' })
    assert.deepEqual(await claimed(store, 200), idsFrom(1, 100))
  })

  promise('walks a chain and a diamond in their order', async ({ store }) => {
    await store.insert([
      aJob({ id: 'top' }),
      waiting('left', ['top']),
      waiting('right', ['top']),
      waiting('bottom', ['left', 'right']),
      waiting('end', ['bottom']),
    ])
    const steps: string[][] = []
    for (let step = 0; step < 4; step++) {
      const held = await store.claim(upTo(9))
      steps.push(held.map(({ id }) => id).sort())
      await store.commit(held.map(job => aWrite(job, { state: 'completed' })))
    }
    assert.deepEqual(steps, [['top'], ['left', 'right'], ['bottom'], ['end']])
  })

  promise(
    'refuses a job that waits for an unknown one, and stores nothing of the call',
    async ({ store }) => {
      await store.insert([aJob({ id: 'a' })])
      for (const jobs of [
        [waiting('b', ['nobody'])],
        [aJob({ id: 'x' }), waiting('b', ['a', 'nobody'])],
        [waiting('b', ['b'])],
        [waiting('b', ['c']), waiting('c', ['b'])],
        [waiting('b', ['c']), aJob({ id: 'c' })],
      ]) {
        await assertUnchanged(store, () =>
          assert.rejects(store.insert(jobs), { code: 'unknown_job', retryable: false }),
        )
      }
      assert.deepEqual(await claimed(store, 9), ['a'])
    },
  )

  promise('counts an id that is named twice once', async ({ store }) => {
    const held = await aHeldJob(store)
    await store.insert([waiting('b', [held.id, held.id])])
    assertHas(await stored(store, { id: 'b' }), { waitsFor: 1 })
    await write(store, held, { state: 'completed' })
    assert.deepEqual(await claimed(store), ['b'])
  })

  promise('waits as the first says where an id comes twice in a call', async ({ store }) => {
    await store.insert([aJob({ id: 'a' }), waiting('b', ['a']), waiting('b', ['a'], 'ended')])
    assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1 })
    await wish(store, 'cancel', 'a')
    assertHas(await stored(store, { id: 'b' }), { state: 'cancelled', waitsFor: 1 })
  })

  promise('waits for nobody with an empty list', async ({ store }) => {
    await store.insert([waiting('b', [])])
    assertHas(await stored(store, { id: 'b' }), { state: 'waiting', waitsFor: 0 })
  })

  promise('means the job that is the answer where one of the call was there already', async ({ store }) => {
    const held = await aHeldJob(store, { key: 'k' })
    await store.insert([aJob({ id: 'again', key: 'k' }), waiting('b', ['again'])])
    assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1 })
    await write(store, held, { state: 'completed' })
    assert.deepEqual(await claimed(store), ['b'])
  })

  promise('changes nothing with a repeated insert, also after the release', async ({ store }) => {
    const jobs = [aJob({ id: 'a' }), waiting('b', ['a'])]
    await store.insert(jobs)
    await assertUnchanged(store, () => store.insert(jobs))
    await write(store, (await store.claim(upTo(1)))[0] ?? aHeld, { state: 'completed' })
    await assertUnchanged(store, () => store.insert(jobs))
    assert.deepEqual(await claimed(store), ['b'])
  })

  promise('leaves a job alone that was tried again before whom it waits for', async ({ store }) => {
    const failed = await anEndedJob(store, 'failed')
    await store.insert([waiting('b', [failed.id])])
    await wish(store, 'retry', 'b')
    const again = [waiting('b', [failed.id]), aJob({ id: 'c' })]
    await store.insert(again)
    assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1, endedAt: null })
    await assertUnchanged(store, () => store.insert(again))
  })

  promise(
    'leaves a job that is there already as it is, whomever the new one waits for',
    async ({ store }) => {
      await store.insert([aJob({ id: 'a' }), aJob({ id: 'b', key: 'k' })])
      await assertUnchanged(store, () => store.insert([{ ...waiting('c', ['a']), key: 'k' }]))
      await assertUnchanged(store, () => store.insert([{ ...waiting('c', ['nobody']), key: 'k' }]))
    },
  )

  promise('releases once when the commit is repeated', async ({ store }) => {
    const [one, two] = [await aHeldJob(store), await aHeldJob(store)]
    await store.insert([waiting('b', [one.id, two.id])])
    for (let repeat = 0; repeat < 3; repeat++) await write(store, one, { state: 'completed' })
    assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1 })
  })

  promise('releases nobody with a write that is refused, or keeps the job', async ({ store }) => {
    const held = await aHeldJob(store)
    await store.insert([waiting('b', [held.id], 'ended')])
    await write(store, { ...held, token: 7 }, { state: 'completed' })
    await write(store, held, { cursor: 'c1' })
    await write(store, held, { state: 'waiting', cursor: 'c2' }, { seq: 2 })
    assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1 })
  })

  promise('keeps the due time of a blocked job', async ({ store, advance }) => {
    const held = await aHeldJob(store)
    const [job] = await store.insert([{ ...waiting('b', [held.id]), delayMs: 30_000 }])
    await write(store, held, { state: 'completed' })
    assertHas(await stored(store, { id: 'b' }), { state: 'waiting', dueAt: job?.dueAt ?? 0 })
    assert.deepEqual(await claimed(store), [])
    await advance(31_000)
    assert.deepEqual(await claimed(store), ['b'])
  })

  promise('has no blocked job due', async ({ store, advance }) => {
    await store.insert([aJob({ id: 'a', delayMs: 3_600_000 }), waiting('b', ['a'])])
    await advance(leaseMs)
    assert.deepEqual(await claimed(store, 9), [])
    assert.ok(((await store.count({})).dueInMs ?? 0) > 0)
    assert.equal((await store.count({ ids: ['b'] })).dueInMs, null)
    assertHas((await store.count({})).states, { blocked: 1, waiting: 1 })
  })

  promise('releases with a cancel from outside', async ({ store }) => {
    await store.insert([aJob({ id: 'a' }), waiting('b', ['a'], 'ended'), waiting('c', ['a'])])
    await wish(store, 'cancel', 'a')
    assertHas(await stored(store, { id: 'b' }), { state: 'waiting', waitsFor: 0 })
    assertHas(await stored(store, { id: 'c' }), { state: 'cancelled', waitsFor: 1 })
    assert.deepEqual(await claimed(store, 9), ['b'])
  })

  promise('releases when the holder carries out a cancel', async ({ store }) => {
    const held = await aHeldJob(store)
    await store.insert([waiting('b', [held.id], 'ended')])
    await wish(store, 'cancel', held.id)
    assertHas(await stored(store, { id: 'b' }), { state: 'blocked' })
    await write(store, held, { state: 'waiting' })
    assert.deepEqual(await claimed(store, 9), ['b'])
  })

  promise('cancels a blocked job, and those that wait for its end go on', async ({ store }) => {
    await store.insert([aJob({ id: 'a' }), waiting('b', ['a']), waiting('c', ['b'], 'ended')])
    assert.equal(await wish(store, 'cancel', 'b'), 1)
    assertHas(await stored(store, { id: 'b' }), { state: 'cancelled', waitsFor: 1 })
    assertHas(await stored(store, { id: 'c' }), { state: 'waiting', waitsFor: 0 })
  })

  promise('cancels all of a chain with one wish', async ({ store }) => {
    await store.insert([aJob({ id: 'a' }), waiting('b', ['a'], 'ended'), waiting('c', ['b'], 'ended')])
    assert.equal(await store.request({ kind: 'cancel' }, {}), 3)
    assertHas((await store.count({})).states, { cancelled: 3 })
    assert.deepEqual(await claimed(store, 9), [])
  })

  promise('counts each job that a wish cancels, also where one waits for the other', async ({ store }) => {
    await store.insert([aJob({ id: 'a' }), waiting('b', ['a']), waiting('c', ['b'])])
    assert.equal(await wish(store, 'cancel', 'a', 'c'), 2)
    assertHas((await store.count({})).states, { cancelled: 3 })
  })

  promise(
    'blocks a job again that goes on after a pause, unless it was released meanwhile',
    async ({ store }) => {
      const held = await aHeldJob(store)
      await store.insert([waiting('b', [held.id])])
      for (const kind of ['pause', 'resume'] as const) assert.equal(await wish(store, kind, 'b'), 1)
      assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1 })
      await wish(store, 'pause', 'b')
      await write(store, held, { state: 'completed' })
      assertHas(await stored(store, { id: 'b' }), { state: 'paused', waitsFor: 0 })
      assert.deepEqual(await claimed(store), [])
      await wish(store, 'resume', 'b')
      assert.deepEqual(await claimed(store), ['b'])
    },
  )

  promise(
    'blocks a cancelled job again that is retried, unless it was released meanwhile',
    async ({ store }) => {
      const held = await aHeldJob(store)
      await store.insert([waiting('b', [held.id]), waiting('c', [held.id])])
      await wish(store, 'cancel', 'b', 'c')
      await wish(store, 'retry', 'b')
      assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1, endedAt: null })
      await write(store, held, { state: 'completed' })
      assertHas(await stored(store, { id: 'b' }), { state: 'waiting', waitsFor: 0 })
      assertHas(await stored(store, { id: 'c' }), { state: 'cancelled', waitsFor: 0 })
      await wish(store, 'retry', 'c')
      assertHas(await stored(store, { id: 'c' }), { state: 'waiting', waitsFor: 0 })
    },
  )

  promise('ends no job once more that is moved after its end', async ({ store }) => {
    const failed = await anEndedJob(store, 'failed')
    await store.insert([waiting('b', [failed.id])])
    await wish(store, 'retry', 'b')
    assert.equal(await store.request({ kind: 'move', priority: 3 }, { ids: [failed.id] }), 1)
    assertHas(await stored(store, { id: 'b' }), { state: 'blocked', waitsFor: 1, endedAt: null })
  })

  promise('promotes no blocked job', async ({ store }) => {
    const held = await aHeldJob(store)
    await store.insert([{ ...waiting('b', [held.id]), delayMs: leaseMs }])
    await assertUnchanged(store, async () => assert.equal(await wish(store, 'promote', 'b'), 0))
  })

  promise('keeps a job from being pruned while another one waits for it', async ({ store, advance }) => {
    const rule = { states: ['failed', 'cancelled'] as const, olderThanMs: 0, limit: 10 }
    const failed = await anEndedJob(store, 'failed')
    await anEndedJob(store, 'failed', { id: 'free' })
    await store.insert([waiting('b', [failed.id])])
    await wish(store, 'retry', 'b')
    await advance(1)
    assert.equal(await store.prune({ ...rule, limit: 1 }), 1)
    assert.equal(await store.prune(rule), 0)
    assertHas(await stored(store, failed), { state: 'failed' })
    await wish(store, 'cancel', 'b')
    await advance(1)
    assert.equal(await pruneAll(store, rule), 2, 'with the last one that waited, it goes')
  })

  promise('fills the lane of a job that it releases', async ({ store }) => {
    const held = await aHeldJob(store, { lane: 'l' })
    await store.insert([{ ...waiting('b', [held.id]), lane: 'l' }, aJob({ id: 'c', lane: 'l' })])
    await write(store, held, { state: 'completed' })
    const first = await claimed(store, 9)
    assert.equal(first.length, 1, 'one at a time')
  })

  promise('gives out a released job by its priority', async ({ store }) => {
    const held = await aHeldJob(store)
    await store.insert([aJob({ id: 'c' }), { ...waiting('b', [held.id]), priority: 10 }])
    await write(store, held, { state: 'completed' })
    assert.deepEqual(await claimed(store, 9), ['b', 'c'])
  })

  promise('carries the promises to a job that its own follow-up brings along', async ({ store }) => {
    const held = await aHeldJob(store)
    await write(store, held, { state: 'completed' }, { follow: [aJob({ id: 'f', group: 'g', note: 'n' })] })
    assertHas(await stored(store, { id: 'f' }), { group: 'g', note: 'n', waitsFor: 0, state: 'waiting' })
    await store.insert([waiting('b', ['f', held.id])])
    assertHas(await stored(store, { id: 'b' }), { waitsFor: 1 })
  })

  promise('loses no release to inserts beside it', async ({ store }) => {
    for (let round = 0; round < 20; round++) {
      const held = await heldJobs(store, 4)
      const ids = held.map(({ id }) => id)
      const late = Array.from({ length: 4 }, (_, index) => waiting(`${round}/${index}`, ids))
      await Promise.all([
        ...held.map(job => store.commit([aWrite(job, { state: 'completed' })])),
        ...late.map(job => store.insert([job])),
      ])
      for (const job of late) assertHas(await stored(store, job), { state: 'waiting', waitsFor: 0 })
    }
  })

  promise('releases once and for all when those who are waited for end side by side', async ({ store }) => {
    for (let round = 0; round < 20; round++) {
      const held = await heldJobs(store, 6)
      const ids = held.map(({ id }) => id)
      await store.insert([waiting(`${round}/all`, ids), waiting(`${round}/half`, ids.slice(3))])
      await Promise.all(held.map(job => store.commit([aWrite(job, { state: 'completed' })])))
      for (const id of [`${round}/all`, `${round}/half`])
        assertHas(await stored(store, { id }), { state: 'waiting', waitsFor: 0 })
    }
  })
})

async function heldJobs(store: Store, count: number) {
  await store.insert(Array.from({ length: count }, () => aJob({ processor: 'base' })))
  return store.claim(upTo(count, { processors: ['base'] }))
}

const aHeld: Pick<Write, 'id' | 'token'> = { id: 'none', token: 1 }

function waiting(id: string, ids: readonly string[], outcome: After['outcome'] = 'succeeded'): NewJob {
  return aJob({ id, after: afterOf(ids, outcome) })
}

function afterOf(ids: readonly string[], outcome: After['outcome'] = 'succeeded'): After {
  return { ids, outcome }
}

function idsFrom(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}`)
}

async function pruneAll(store: Store, rule: Parameters<Store['prune']>[0]): Promise<number> {
  let all = 0
  for (let chunk = await store.prune(rule); chunk > 0; chunk = await store.prune(rule)) all += chunk
  return all
}
