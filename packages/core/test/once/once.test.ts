import { expect, test } from 'vitest'
import { z } from 'zod'
import { encryption } from '../../src/codecs/index.js'
import type { RunContext } from '../../src/index.js'
import {
  createRunner,
  defineProcessor,
  LeaseLostError,
  memoryStore,
  OnceError,
  Skip,
} from '../../src/index.js'
import type { Committed, Store } from '../../src/store/index.js'
import { fakeClock, interruptAt, runToEnd } from '../../src/testing/index.js'
import { deferred, setup } from '../setup.js'
import { type ChargesOptions, charges, outsideWorld } from './effects.js'

const soon = { type: 'fixed', delayMs: 10 } as const

/** A job whose handler is the test's. */
function job(run: (context: RunContext<null>) => unknown, attempts = 3) {
  return defineProcessor({ name: 'job', input: z.null(), retry: { attempts, backoff: soon }, run })
}

/** Runs it to its end, in a fresh runner. */
async function ended(run: (context: RunContext<null>) => unknown, attempts = 3) {
  const processor = job(run, attempts)
  const { runner, clock, store } = setup([processor])
  const { id } = await runner.enqueue(processor, null)
  await runToEnd(runner, clock)
  return { shown: await runner.get(id), stored: await store.get(id) }
}

function walk(options: ChargesOptions = {}) {
  const world = outsideWorld()
  const processor = charges(world, options)
  return { world, processor, ...setup([processor]) }
}

test('a later attempt is given what the first one got, and the effect does not happen again', async () => {
  const world = outsideWorld()
  const { shown } = await ended(async ({ once, attempt }) => {
    const receipt = await once('charge', () => world.charge('card'))
    if (attempt < 3) throw new Error('after the charge')
    return receipt
  })

  expect(shown).toMatchObject({ state: 'completed', output: 'receipt 1 for card' })
  expect(world.done).toEqual(['card'])
})

test.each<[string, unknown]>([
  ['an object', { id: 'ch_1', amounts: [1, 2.5], note: null }],
  ['a text with NUL and a lone surrogate', '\0\ud800'],
  ['null', null],
  ['nothing', undefined],
  ['zero', 0],
  ['__proto__ as a text', '__proto__'],
])('the first attempt and the later ones get the same: %s', async (_, result) => {
  const answers: unknown[] = []
  await ended(async ({ once, attempt }) => {
    answers.push(await once('effect', () => result))
    if (attempt < 2) throw new Error('again')
  })

  expect(answers).toEqual([result, result])
})

test('an effect that failed runs again in the next attempt', async () => {
  let runs = 0
  const { shown } = await ended(({ once }) =>
    once('charge', () => {
      if (++runs < 3) throw new Error('declined')
      return runs
    }),
  )

  expect(shown).toMatchObject({ state: 'completed', output: 3 })
})

test('each key is an effect of its own, also one named as a member of every object', async () => {
  const world = outsideWorld()
  const keys = ['charge', 'mail', '__proto__', 'constructor']
  await ended(async ({ once, attempt }) => {
    for (const key of keys) await once(key, () => world.charge(key))
    if (attempt < 2) throw new Error('again')
  })

  expect(world.done).toEqual(keys)
})

test('calls with the same key at the same time share one effect', async () => {
  const world = outsideWorld()
  const { shown } = await ended(({ once }) => {
    const charge = () => once('charge', async () => world.charge('card'))
    return Promise.all([charge(), charge(), charge()])
  })

  expect(world.times('card')).toBe(1)
  expect(shown?.output).toEqual(Array(3).fill('receipt 1 for card'))
})

test('the result is in the store when once answers', async () => {
  const processor = job(async ({ once, jobId }) => {
    await once('charge', () => 'ch_1')
    return (await store.get(jobId))?.memo
  })
  const { runner, store, clock } = setup([processor])
  const { id } = await runner.enqueue(processor, null)
  await runToEnd(runner, clock)

  expect((await runner.get(id))?.output).toContain('ch_1')
})

test('effects of different items are different effects', async () => {
  const { world, processor, runner, clock } = walk()
  await runner.enqueue(processor, null)

  await runToEnd(runner, clock)

  expect(world.done).toEqual([1, 2, 3, 4, 5, 6].map(id => `item ${id}`).concat('report'))
})

test('an item that is tried again on the spot has its effect once', async () => {
  let failures = 0
  const { world, processor, runner, clock } = walk({
    onItemError: { retries: 3, backoff: soon },
    afterwards: id => {
      if (id === 2 && failures++ < 3) throw new Error('after the charge')
    },
  })
  const { id } = await runner.enqueue(processor, null)

  await runToEnd(runner, clock)

  expect(failures).toBe(4)
  expect(world.times('item 2')).toBe(1)
  expect(await runner.get(id)).toMatchObject({ state: 'completed', counters: { charged: 6 } })
})

test('items that were done beside a failed one keep their effects for the next attempt', async () => {
  const others = deferred()
  let failures = 0
  const { world, processor, runner, clock } = walk({
    items: 4,
    batchSize: 4,
    concurrency: 4,
    afterwards: async id => {
      if (id > 1) return others.resolve()
      await others.promise
      if (failures++ === 0) throw new Error('the first one fails')
    },
  })
  const { id } = await runner.enqueue(processor, null)

  await runToEnd(runner, clock)

  expect([...world.done].sort()).toEqual(['item 1', 'item 2', 'item 3', 'item 4', 'report'])
  world.assertOneReceiptEach()
  expect(await runner.get(id)).toMatchObject({ state: 'completed', counters: { charged: 4 } })
})

/** The keys that the notes of a job hold. */
function ledgerOf(memo: string | null | undefined): unknown[] {
  return ((JSON.parse(memo ?? '{}') as { once?: unknown[][] }).once ?? []).map(([item, key]) => [item, key])
}

test('what was done for an item is dropped once the saved cursor has passed it', async () => {
  const seen: unknown[] = []
  const { processor, runner, clock, store } = walk({
    afterwards: async () => {
      const [kept] = (await store.list({}, { limit: 1 })).jobs
      seen.push(ledgerOf(kept?.memo))
    },
  })
  const { id } = await runner.enqueue(processor, null)

  await runToEnd(runner, clock)

  expect(seen).toEqual([1, 2, 3, 4, 5, 6].map(item => [[`${item}`, 'charge']]))
  expect(ledgerOf((await store.get(id))?.memo), 'nor is that of a completed job').toEqual([])
})

test('on pages of an API, what was done is kept up to the end of its page', async () => {
  const sizes: number[] = []
  let failures = 0
  const { world, processor, runner, clock, store } = walk({
    pages: true,
    afterwards: async id => {
      const [kept] = (await store.list({}, { limit: 1 })).jobs
      sizes.push(ledgerOf(kept?.memo).length)
      if (id === 5 && failures++ === 0) throw new Error('in the middle of a page')
    },
  })
  const { id } = await runner.enqueue(processor, null)

  await runToEnd(runner, clock)

  expect(sizes).toEqual([1, 2, 3, 1, 2, 2, 2, 3])
  expect(world.done).toHaveLength(7)
  expect(await runner.get(id)).toMatchObject({ state: 'completed', counters: { charged: 6 } })
})

test('a completed job keeps nothing of what it did once', async () => {
  const { stored } = await ended(({ once }) => once('charge', () => 'ch_1'))
  expect(stored).toMatchObject({ state: 'completed', memo: null })
})

test('skipped items leave nothing behind', async () => {
  const { processor, runner, clock, store } = walk({
    afterwards: id => {
      if (id % 2 === 0) throw new Skip('even')
    },
  })
  const { id } = await runner.enqueue(processor, null)
  await interruptAt(runner, clock, 4)

  expect(ledgerOf((await store.get(id))?.memo)).toEqual([])
})

test('an item that failed keeps its effects with its record, so that a retry of what failed does not repeat them', async () => {
  const broken = new Set([2, 5])
  const { world, processor, runner, clock, store } = walk({
    onItemError: { tolerate: { count: 2 } },
    afterwards: id => {
      if (broken.has(id)) throw new Error('after the charge')
    },
  })
  const { id } = await runner.enqueue(processor, null)
  await runToEnd(runner, clock)
  expect(await runner.get(id)).toMatchObject({ state: 'completed_with_errors', progress: { failed: 2 } })
  expect(ledgerOf((await store.get(id))?.memo), 'only those of the job itself').toEqual([[null, 'report']])

  broken.delete(2)
  await runner.retry(id, { only: 'failed' })
  await runToEnd(runner, clock)
  expect(await runner.get(id)).toMatchObject({ state: 'completed_with_errors', progress: { failed: 1 } })

  broken.clear()
  await runner.retry(id, { only: 'failed' })
  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ state: 'completed', progress: { failed: 0 } })
  expect(world.done).toHaveLength(7)
  world.assertOneReceiptEach()
  expect((await runner.items(id)).records.map(({ outcome }) => outcome)).toEqual(['completed', 'completed'])
})

test('a job that starts from the beginning begins its effects anew', async () => {
  const { world, processor, runner, clock } = walk({
    items: 2,
    onItemError: { tolerate: { count: 1 } },
    afterwards: id => {
      if (id === 2) throw new Error('always')
    },
  })
  const { id } = await runner.enqueue(processor, null)
  await runToEnd(runner, clock)

  await runner.retry(id)
  await runToEnd(runner, clock)

  expect(world.times('item 1')).toBe(2)
})

test('a failed job that a person retries goes on with what it had done', async () => {
  const world = outsideWorld()
  let broken = true
  const processor = job(async ({ once }) => {
    await once('charge', () => world.charge('card'))
    if (broken) throw new Error('after the charge')
  })
  const { runner, clock } = setup([processor])
  const { id } = await runner.enqueue(processor, null)
  await runToEnd(runner, clock)
  expect(await runner.get(id)).toMatchObject({ state: 'failed' })

  broken = false
  await runner.retry(id)
  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ state: 'completed' })
  expect(world.times('card')).toBe(1)
})

test.each<[string, () => unknown]>([
  ['no JSON', () => ({ at: new Date(0) })],
  ['too large', () => 'x'.repeat(16_384)],
])('a result that is %s is told, and its effect is not run again', async (_, result) => {
  const world = outsideWorld()
  const { shown } = await ended(async ({ once }) => {
    const effect = () => world.charge('card') && result()
    await once('charge', effect).catch(() => {})
    return once('charge', effect)
  })

  expect(world.times('card')).toBe(1)
  expect(shown).toMatchObject({ state: 'failed', attempts: 1, errors: { last: { code: 'once_unsaved' } } })
})

test('why a result could not be kept is said where it happens', async () => {
  const { shown } = await ended(({ once }) => once('charge', () => ({ at: new Date(0) })))
  expect(shown?.errors?.last.message).toContain('$.at is a Date')
})

test('not even a person who retries has an effect repeated whose result could not be kept', async () => {
  const world = outsideWorld()
  const processor = job(({ once }) => once('charge', () => [world.charge('card'), 1n]))
  const { runner, clock } = setup([processor])
  const { id } = await runner.enqueue(processor, null)
  await runToEnd(runner, clock)

  await runner.retry(id)
  await runToEnd(runner, clock)

  expect(world.times('card')).toBe(1)
  expect(await runner.get(id)).toMatchObject({ errors: { last: { code: 'once_unsaved' } } })
})

test('results take up a bounded place: above it no further effect is begun', async () => {
  const world = outsideWorld()
  const { shown, stored } = await ended(async ({ once }) => {
    for (let n = 1; n <= 10; n++) await once(`n${n}`, () => world.charge(`n${n}`).padEnd(10_000))
  })

  expect(shown).toMatchObject({ state: 'failed', attempts: 1, errors: { last: { code: 'once_full' } } })
  expect(world.done).toHaveLength(7)
  expect(stored?.memo?.length).toBeLessThan(65_536 + 16_384)
})

test('a walk of any length stays below the bound, for its items drop out of it', async () => {
  const { processor, runner, clock, store } = walk({ items: 500, batchSize: 200 })
  const { id } = await runner.enqueue(processor, null)
  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ state: 'completed', progress: { done: 500 } })
  expect((await store.get(id))?.memo?.length).toBeLessThan(1_000)
})

test.each(['', 'x'.repeat(201), 7 as unknown as string])(
  'a key of once is a text of 1 to 200 characters: %j',
  async key => {
    const world = outsideWorld()
    const { shown } = await ended(({ once }) => once(key, () => world.charge('card')), 1)

    expect(shown).toMatchObject({ state: 'failed', errors: { last: { code: 'invalid_options' } } })
    expect(world.done).toEqual([])
  },
)

test('under a codec, results are stored sealed and given as they were', async () => {
  const world = outsideWorld()
  const processor = job(async ({ once, attempt, jobId }) => {
    const receipt = await once('charge', () => world.charge('card'))
    expect((await store.get(jobId))?.memo).toMatch(/^lh1:aes-256-gcm=k:/)
    if (attempt < 2) throw new Error('again')
    return receipt
  })
  const { runner, store, clock } = setup([processor], {
    codec: encryption({ keys: { k: Buffer.alloc(32) }, use: 'k' }),
  })
  const { id } = await runner.enqueue(processor, null)
  await runToEnd(runner, clock)

  expect(await runner.get(id)).toMatchObject({ state: 'completed', output: 'receipt 1 for card' })
  expect(world.times('card')).toBe(1)
})

test('many effects at once share their saves', async () => {
  let commits = 0
  const clock = fakeClock()
  const memory = memoryStore({ clock })
  const store: Store = Object.assign(Object.create(memory), {
    commit: (...args: Parameters<Store['commit']>) => {
      commits++
      return memory.commit(...args)
    },
  })
  const processor = job(({ once }) =>
    Promise.all(Array.from({ length: 50 }, (_, n) => once(`n${n}`, async () => n))),
  )
  const { runner } = setup([processor], { store, clock })
  await runner.enqueue(processor, null)
  await runToEnd(runner, clock)

  expect(commits).toBeLessThanOrEqual(4)
})

test('no effect is begun once the job was told to stop', async () => {
  const world = outsideWorld()
  const reached = deferred<unknown>()
  const processor = job(async ({ once, signal }) => {
    await new Promise(resolve => signal.addEventListener('abort', resolve))
    await once('charge', () => world.charge('card')).catch(error => {
      reached.resolve(error)
      throw error
    })
  })
  const { runner, clock } = setup([processor])
  const { id } = await runner.enqueue(processor, null)
  const pass = runner.work()
  await clock.advance(100)
  await runner.cancel(id)
  await clock.advance(2_000)
  await pass

  expect(await reached.promise).toMatchObject({ code: 'cancelled' })
  expect(await runner.get(id)).toMatchObject({ state: 'cancelled' })
  expect(world.done).toEqual([])
})

test('an effect that is under way when the job is cancelled is still saved', async () => {
  const world = outsideWorld()
  const paid = deferred()
  let runs = 0
  const processor = job(async ({ once, signal }) => {
    runs++
    await once('charge', async () => {
      await paid.promise
      return world.charge('card')
    })
    signal.throwIfAborted()
  })
  const { runner, clock } = setup([processor])
  const { id } = await runner.enqueue(processor, null)
  const pass = runner.work()
  await clock.advance(100)
  await runner.cancel(id)
  await clock.advance(2_000)
  paid.resolve()
  await pass
  expect(await runner.get(id)).toMatchObject({ state: 'cancelled' })

  await runner.retry(id)
  await runToEnd(runner, clock)

  expect(runs).toBe(2)
  expect(world.times('card')).toBe(1)
})

/** Two processes on one store. The first one's way to it is cut when the test says so. */
function twoProcesses(run: (context: RunContext<null>) => unknown) {
  const clock = fakeClock()
  const store = memoryStore({ clock })
  const processor = job(run)
  const cut = { now: false }
  const unreliable = new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name)
      const isCut = cut.now && typeof member === 'function'
      return isCut ? () => Promise.reject(new Error('unreachable')) : member
    },
  })
  const runnerOn = (kept: Store) =>
    createRunner({
      store: kept,
      clock,
      random: () => 0.5,
      leaseMs: 3_000,
      processors: [processor],
      retention: false,
    })
  return { clock, processor, cut, store, first: runnerOn(unreliable), second: runnerOn(store) }
}

test('a holder whose lease was lost begins no effect', async () => {
  const world = outsideWorld()
  const woken = deferred()
  const refused = deferred<unknown>()
  const { clock, processor, cut, first, second } = twoProcesses(async ({ once, token }) => {
    if (token === 1) await woken.promise
    return once('charge', () => world.charge(`by token ${token}`)).catch(error => {
      refused.resolve(error)
      throw error
    })
  })
  const { id } = await second.enqueue(processor, null)
  const pass = first.work()
  await clock.advance(10)

  cut.now = true
  await clock.advance(10_000)
  await runToEnd(second, clock)
  woken.resolve()
  expect(await refused.promise).toBeDefined()
  cut.now = false
  await clock.advance(10_000)
  await pass

  expect(world.done).toEqual(['by token 2'])
  expect(await second.get(id)).toMatchObject({ state: 'completed', output: 'receipt 1 for by token 2' })
})

test('a process that stood still for longer than its lease begins no effect', async () => {
  const world = outsideWorld()
  const clock = fakeClock()
  let stoodStillMs = 0
  const processor = job(async ({ once, token }) => {
    if (token === 1) stoodStillMs = 30_001
    await once('charge', () => world.charge(`by token ${token}`))
  })
  const { runner } = setup([processor], {
    store: memoryStore({ clock }),
    clock: { ...clock, now: () => clock.now() + stoodStillMs },
  })
  const lost: unknown[] = []
  runner.on('lost', (_, error) => lost.push(error))
  const { id } = await runner.enqueue(processor, null)

  await runToEnd(runner, clock)

  expect(lost).toMatchObject([{ code: 'lease_lost' }])
  expect(world.done).toEqual(['by token 2'])
  expect(await runner.get(id)).toMatchObject({ state: 'completed', crashes: 1 })
})

test('a holder that lost its lease during an effect is refused, and what the new one keeps stays as it is', async () => {
  const world = outsideWorld()
  const woken = deferred()
  const refused = deferred<unknown>()
  const end = deferred()
  const { clock, processor, cut, store, first, second } = twoProcesses(async ({ once, token }) => {
    const effect = async () => {
      if (token === 1) await woken.promise
      return world.charge(`by token ${token}`)
    }
    const receipt = await once('charge', effect).catch(error => {
      refused.resolve(error)
      throw error
    })
    await end.promise
    return receipt
  })
  const { id } = await second.enqueue(processor, null)
  const stale = first.work()
  await clock.advance(10)
  cut.now = true
  await clock.advance(10_000)
  const pass = second.work()
  await clock.advance(1_000)
  const kept = (await store.get(id))?.memo

  cut.now = false
  woken.resolve()
  expect(await refused.promise).toBeInstanceOf(LeaseLostError)
  expect((await store.get(id))?.memo).toBe(kept)
  end.resolve()
  await clock.advance(10_000)
  await Promise.all([stale, pass])

  expect(world.done, 'it began in the first one before the lease was lost').toEqual([
    'by token 2',
    'by token 1',
  ])
  expect(await second.get(id)).toMatchObject({ state: 'completed', output: 'receipt 1 for by token 2' })
})

/** A store with transactions of the test's own: what is written with one is stored when it commits. */
function transactional() {
  const clock = fakeClock()
  const memory = memoryStore({ clock })
  const begin = () => {
    const writes: (() => Promise<unknown>)[] = []
    return { writes, commit: async () => void (await Promise.all(writes.map(write => write()))) }
  }
  async function commit(writes: Parameters<Store['commit']>[0], via?: object): Promise<readonly Committed[]> {
    if (!via) return memory.commit(writes)
    ;(via as ReturnType<typeof begin>).writes.push(() => memory.commit(writes))
    return Promise.all(writes.map(async ({ id }) => ({ accepted: true, job: await memory.get(id) })))
  }
  return { clock, begin, store: Object.assign(Object.create(memory), { commit }) as Store }
}

test('after a checkpoint in a transaction once is refused, for it could not be saved beside it', async () => {
  const world = outsideWorld()
  const { clock, store, begin } = transactional()
  const errors: unknown[] = []
  const processor = job(async ({ once, checkpoint, cursor }) => {
    if (cursor !== null) return
    const transaction = begin()
    await checkpoint('row 1', { via: transaction })
    await once('charge', () => world.charge('card')).catch(error => errors.push(error))
    await transaction.commit()
    await checkpoint('row 1')
    await once('charge', () => world.charge('card'))
  })
  const { runner } = setup([processor], { store, clock })
  const { id } = await runner.enqueue(processor, null)

  await runToEnd(runner, clock)

  expect(errors).toMatchObject([{ name: 'OnceError', code: 'once_unsure', key: 'charge' }])
  expect(errors[0]).toBeInstanceOf(OnceError)
  expect(world.done).toEqual(['card'])
  expect(await runner.get(id)).toMatchObject({ state: 'completed' })
})

test('what was kept before a transaction is known after it, and the cursor is not saved beside it', async () => {
  const world = outsideWorld()
  const { clock, store, begin } = transactional()
  const cursors: unknown[] = []
  const processor = job(async ({ once, checkpoint, cursor, attempt }) => {
    cursors.push(cursor)
    await once('charge', () => world.charge('card'))
    if (attempt === 1) {
      await checkpoint('row 1', { via: begin() })
      await once('charge', () => world.charge('card'))
      throw new Error('the transaction is rolled back')
    }
  })
  const { runner } = setup([processor], { store, clock })
  const { id } = await runner.enqueue(processor, null)

  await runToEnd(runner, clock)

  expect(cursors, 'the checkpoint went with its transaction').toEqual([null, null])
  expect(world.done).toEqual(['card'])
  expect(await runner.get(id)).toMatchObject({ state: 'completed' })
})
