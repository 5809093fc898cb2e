import assert from 'node:assert/strict'
import type { Job, Store, Write } from '@longhaul/core/store'
import { isEnded } from '@longhaul/core/store'
import fc from 'fast-check'
import type { Bench } from '../bench.js'
import { aJob, everyHead, leaseMs, upTo } from '../builders.js'
import { type Model, modelOf } from '../model.js'
import { topic } from '../topic.js'

const anyJob = fc.constantFrom(1, 1, 1, 2, 3)
const anyPatch: fc.Arbitrary<Write['patch']> = fc.oneof(
  fc.constant({ leaseMs }),
  fc.record({ cursor: fc.constantFrom('c1', 'c2', 'c3') }),
  fc.record({
    state: fc.constantFrom('waiting', 'waiting', 'waiting', 'paused', 'completed', 'failed', 'cancelled'),
  } as const),
)

const anyCommand = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('insert' as const), job: anyJob, lane: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      job: anyJob,
      age: fc.constantFrom(0, 0, 0, 1),
      again: fc.constantFrom(false, false, false, true),
      patch: anyPatch,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wish' as const),
      job: anyJob,
      kind: fc.constantFrom('cancel', 'pause', 'pause', 'resume', 'retry'),
    }),
  },
  // In no sum of these does a lease of a minute end at the very moment that a step does.
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(25_000, 70_000) }),
  },
)
type Command = typeof anyCommand extends fc.Arbitrary<infer Value> ? Value : never

export const modelPromises = topic('model', promise => {
  promise('agrees with a small model of itself, whatever is called in whatever order', async bench => {
    let runs = 0
    const agrees = fc.asyncProperty(
      fc.array(anyCommand, { minLength: 20, maxLength: 50 }),
      async commands => {
        const model = modelOf(`model-${++runs}`)
        for (const command of commands) {
          const before = new Map((await jobsOf(bench.store, model)).map(job => [job.id, job]))
          await run(command, bench, model)
          await check(command, bench.store, model, before)
        }
      },
    )
    await fc.assert(agrees, { numRuns: 100 })
  })
})

async function run(command: Command, { store, advance }: Bench, model: Model) {
  switch (command.do) {
    case 'insert': {
      const lane = command.lane ? `${model.processor} lane` : null
      await store.insert([aJob({ id: model.idOf(command.job), processor: model.processor, lane })])
      return model.insert(command.job, lane)
    }
    case 'claim': {
      const claimed = await store.claim(upTo(command.limit, { processors: [model.processor] }))
      return model.claim(claimed, command.limit)
    }
    case 'write': {
      const write = model.writeOf(command)
      const [answer] = await store.commit([write])
      return assert.equal(answer?.accepted, model.write(write), `${JSON.stringify(write)} is accepted`)
    }
    case 'wish': {
      const changed = await store.request({ kind: command.kind }, { ids: [model.idOf(command.job)] })
      return assert.equal(changed, model.wish(command.job, command.kind), `${command.kind} changes`)
    }
    case 'advance': {
      await advance(command.ms)
      return model.advance(command.ms)
    }
  }
}

async function check(command: Command, store: Store, model: Model, before: ReadonlyMap<string, Job>) {
  const jobs = await jobsOf(store, model)
  assert.deepEqual(jobs.map(model.shownOf), model.shown(), `after ${JSON.stringify(command)}`)

  for (const job of jobs) {
    const earlier = before.get(job.id)
    assert.ok(job.token >= (earlier?.token ?? 0), 'a token never falls')
    if (earlier && isEnded(earlier.state) && command.do !== 'wish')
      assert.deepEqual(job, earlier, 'an end is final')
  }
  const { states } = await store.count({ processors: [model.processor] })
  assert.equal(
    Object.values(states).reduce((sum, count) => sum + count),
    jobs.length,
    'the counts add up',
  )
}

async function jobsOf(store: Store, { processor }: Model): Promise<Job[]> {
  const heads = await everyHead(store, { processors: [processor] })
  const jobs = await Promise.all(heads.map(({ id }) => store.get(id)))
  return jobs.filter(job => job !== undefined).sort((a, b) => (a.id < b.id ? -1 : 1))
}
