import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, Fatal, type Middleware, memoryStore } from '../../src/index.js'
import { fakeClock, runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

const greet = defineProcessor({
  name: 'greet',
  input: z.object({ name: z.string() }),
  queue: 'mail',
  run: ({ input }) => `Hello ${input.name}`,
})

const trace = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'vendor=1' }

/** Writes down how it is entered and left. */
function witness(name: string, seen: string[]): Middleware {
  return {
    async attempt(_, next) {
      seen.push(`${name} in`)
      await next()
      seen.push(`${name} out`)
    },
  }
}

async function ended(middleware: readonly Middleware[]) {
  const { runner, clock } = setup([greet], { middleware })
  const { id } = await runner.enqueue(greet, { name: 'Ada' })
  await runToEnd(runner, clock)
  return (await runner.get(id))!
}

describe('around attempts', () => {
  test('the first middleware is the outermost', async () => {
    const seen: string[] = []
    await ended([witness('first', seen), witness('second', seen)])
    expect(seen).toEqual(['first in', 'second in', 'second out', 'first out'])
  })

  test('the handler gives what it gives, whatever a middleware returns', async () => {
    const { output } = await ended([{ attempt: async (_, next) => [await next(), 'something else'] }])
    expect(output).toBe('Hello Ada')
  })

  test('a handler runs once, however often next is called', async () => {
    let runs = 0
    const counted = defineProcessor({ name: 'counted', input: z.null(), run: () => ++runs })
    const twice: Middleware = { attempt: (_, next) => Promise.all([next(), next()]) }
    const { runner, clock } = setup([counted], { middleware: [twice] })
    await runner.enqueue(counted, null)
    await runToEnd(runner, clock)
    expect(runs).toBe(1)
  })

  test('what a middleware throws before next fails the attempt, and the next attempt may do', async () => {
    let refused = 0
    const moody: Middleware = {
      attempt: async (_, next) => {
        if (refused++ === 0) throw new Error('not now')
        return next()
      },
    }
    const job = await ended([moody])
    expect([job.state, job.attempts, job.errors?.last.message]).toEqual(['completed', 1, 'not now'])
  })

  test('an error of the handler can not be held back', async () => {
    const failing = defineProcessor({
      name: 'failing',
      input: z.null(),
      run: () => {
        throw new Fatal('broken')
      },
    })
    const hiding: Middleware = { attempt: (_, next) => next().catch(() => 'fine') }
    const { runner, clock } = setup([failing], { middleware: [hiding] })
    const { id } = await runner.enqueue(failing, null)
    await runToEnd(runner, clock)
    expect(await runner.get(id)).toMatchObject({ state: 'failed', errors: { last: { message: 'broken' } } })
  })

  test('a middleware that never calls next is told so', async () => {
    const job = await ended([{ attempt: async () => 'done' }])
    expect(job).toMatchObject({ state: 'failed', errors: { last: { code: 'next_not_called' } } })
  })

  test('a middleware may be an object of a class', async () => {
    class Counting implements Middleware {
      attempts = 0
      attempt(_: unknown, next: () => Promise<unknown>) {
        this.attempts++
        return next()
      }
    }
    const counting = new Counting()
    await ended([counting])
    expect(counting.attempts).toBe(1)
  })

  test('it sees the job, its time, and what an error means for it', async () => {
    const seen: unknown[] = []
    const watching: Middleware = {
      attempt: async (job, next) => {
        await next().catch(error => {
          seen.push([
            job.processor,
            job.queue,
            job.attempt,
            job.waitedMs,
            job.elapsedMs(),
            job.outcomeOf(error),
          ])
        })
      },
    }
    const slow = defineProcessor({
      name: 'slow',
      input: z.null(),
      run: async ({ attempt }) => {
        await clock.sleep(250)
        if (attempt === 1) throw new Error('once')
        throw new Fatal('twice')
      },
    })
    const clock = fakeClock()
    const { runner } = setup([slow], { clock, store: memoryStore({ clock }), middleware: [watching] })
    await runner.enqueue(slow, null)
    await clock.advance(2_000)
    await runToEnd(runner, clock)
    expect(seen).toEqual([
      ['slow', 'default', 1, 2_000, 250, 'failed'],
      ['slow', 'default', 2, null, 250, 'failed'],
    ])
  })
})

describe('around calls of the store', () => {
  test('each call is seen by its name, with its outcome', async () => {
    const seen: string[] = []
    const watching: Middleware = {
      storeCall: async ({ name, store }, next) => {
        const outcome = await next().then(
          () => 'ok',
          () => 'failed',
        )
        seen.push(`${store} ${name} ${outcome}`)
      },
    }
    const { runner, clock, store } = setup([greet], { middleware: [watching] })
    await runner.enqueue(greet, { name: 'Ada' })
    await runToEnd(runner, clock)
    store.get = () => Promise.reject(new Error('gone'))
    await expect(runner.get('x')).rejects.toThrow('gone')
    expect(seen).toEqual(
      expect.arrayContaining(['memory open ok', 'memory insert ok', 'memory claim ok', 'memory commit ok']),
    )
    expect(seen.at(-1)).toBe('memory get failed')
  })

  test('a middleware that fails calls stops no worker', async () => {
    let calls = 0
    const flaky: Middleware = {
      storeCall: async ({ name }, next) => {
        if ((name === 'claim' || name === 'commit') && calls++ % 2 === 0)
          throw new Error('middleware is down')
        return next()
      },
    }
    const { runner, clock } = setup([greet], { middleware: [flaky] })
    const { id } = await runner.enqueue(greet, { name: 'Ada' })
    await runToEnd(runner, clock)
    expect((await runner.get(id))?.state).toBe('completed')
  })

  test('a call reaches the store before it returns, for a synchronous transaction', async () => {
    const { runner, store } = setup([greet], { middleware: [{ storeCall: (_, next) => next() }] })
    await runner.open()
    const prepared = await runner.prepare(greet, { name: 'Ada' })
    let reached = false
    const insert = store.insert.bind(store)
    store.insert = (...args) => {
      reached = true
      return insert(...args)
    }
    const inserting = runner.insert([prepared])
    expect(reached).toBe(true)
    await inserting
  })
})

describe('around enqueues', () => {
  const tracing: Middleware = {
    enqueue: (job, next) => {
      job.trace = trace
      return next()
    },
  }

  test('a trace that is set there is read in the attempt', async () => {
    const seen: unknown[] = []
    const reading: Middleware = {
      attempt: (job, next) => {
        seen.push(job.trace)
        return next()
      },
    }
    await ended([tracing, reading])
    expect(seen).toEqual([trace])
  })

  test('follow-up jobs, groups and many jobs have one too', async () => {
    const made: string[] = []
    const watching: Middleware = {
      enqueue: (job, next) => {
        made.push(job.queue)
        return next()
      },
    }
    const parent = defineProcessor({
      name: 'parent',
      input: z.null(),
      run: ({ enqueue }) => enqueue(greet, { name: 'child' }, { queue: 'follow' }),
    })
    const { runner, clock } = setup([greet, parent], { middleware: [watching] })
    await runner.enqueue(parent, null, { queue: 'one' })
    await runner.enqueueMany(greet, [{ input: { name: 'a' }, queue: 'many' }])
    const group = runner.group()
    group.add(greet, { name: 'b' }, { queue: 'group' })
    await group.enqueue()
    await runToEnd(runner, clock)
    expect(made.sort()).toEqual(['follow', 'group', 'many', 'one'])
  })

  test('a schedule that is only checked enqueues nothing', async () => {
    const made: string[] = []
    const watching: Middleware = {
      enqueue: (job, next) => {
        made.push(job.key ?? '')
        return next()
      },
    }
    const schedules = [{ name: 'daily', processor: greet, input: { name: 'Ada' }, everyMs: 60_000 }]
    const { runner, clock } = setup([greet], { middleware: [watching], schedules })
    await runner.tick()
    expect(made).toEqual([])
    await clock.advance(60_000)
    await runner.tick()
    expect(made).toEqual([expect.stringContaining('schedule:daily@')])
  })

  test('what it throws stores nothing', async () => {
    const refusing: Middleware = { enqueue: () => Promise.reject(new Error('quota')) }
    const { runner } = setup([greet], { middleware: [refusing] })
    await expect(runner.enqueue(greet, { name: 'Ada' })).rejects.toThrow('quota')
    expect((await runner.list()).jobs).toEqual([])
  })

  test('a trace that is no text is refused', async () => {
    const wrong: Middleware = {
      enqueue: (job, next) => {
        job.trace = { traceparent: 'x'.repeat(1_025) }
        return next()
      },
    }
    const { runner } = setup([greet], { middleware: [wrong] })
    await expect(runner.enqueue(greet, { name: 'Ada' })).rejects.toMatchObject({
      code: 'invalid_options',
      option: 'trace',
    })
  })

  test('a deadline and a trace stand side by side', async () => {
    const { runner, store } = setup([greet], { middleware: [tracing] })
    const { id } = await runner.enqueue(greet, { name: 'Ada' }, { deadlineMs: 1_000 })
    expect(JSON.parse((await store.get(id))?.note ?? '')).toEqual({ deadlineMs: 1_000, trace })
  })
})

test('without middleware, the store is used as it is', async () => {
  const { runner, store } = setup([greet])
  let self: unknown
  const { insert } = store
  store.insert = function (this: unknown, ...args) {
    self = this
    return insert.apply(store, args)
  }
  await runner.enqueue(greet, { name: 'Ada' })
  expect(self).toBe(store)
})
