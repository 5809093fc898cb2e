import { defineProcessor, Fatal, RetryAfter } from '@longhaul/core'
import * as z from 'zod/mini'
import { defineScenario, type Hands } from './scenario.js'

export const common = {
  maxCrashes: 1_000,
  retry: { attempts: 20, backoff: { type: 'fixed', delayMs: 500 } },
} as const

/** Does one thing, which takes so long. Its input says which, or `fail` to end as failed. */
export function step(hands: Hands, takesMs = 0) {
  return defineProcessor({
    name: 'step',
    input: z.string(),
    ...common,
    lane: () => ({ key: 'narrow', limit: 2 }),
    async run(context) {
      if (!(await hands.spend(takesMs, context.signal))) return
      await hands.act(context, context.input)
      if (context.input === 'fail') throw new Fatal('This one can not be done.')
    },
  })
}

export const retried = defineScenario({
  name: 'a job that is tried again twice',
  processors: hands => [
    defineProcessor({
      name: 'unsteady',
      input: z.null(),
      ...common,
      async run(context) {
        await hands.act(context)
        if (context.attempt <= 2) throw new Error('Not yet.')
      },
    }),
  ],
  script: client => client.enqueue('unsteady', null, { key: 'unsteady' }),
  expects: { jobs: { unsteady: { state: 'completed', acts: [''], repeats: 2 } } },
})

/** Its steps are saved one by one, each with an effect of its own that happens once and a job that follows. */
export const checkpoints = defineScenario({
  name: 'a handler that saves its own steps, with follow-up jobs',
  processors: hands => {
    const follow = step(hands)
    const steps = defineProcessor({
      name: 'steps',
      input: z.null(),
      ...common,
      async run(context) {
        for (let done = Number(context.cursor ?? 0); done < 2; done++) {
          await context.once(`pay ${done}`, () => hands.act(context, `pay ${done}`))
          await context.enqueue(follow, `mail ${done}`, { tags: [`mail ${done}`] })
          await context.checkpoint(done + 1)
        }
      },
    })
    return [follow, steps]
  },
  script: client => client.enqueue('steps', null, { key: 'steps' }),
  expects: {
    jobs: {
      steps: { state: 'completed', acts: ['pay 0', 'pay 1'] },
      'mail 0': { state: 'completed', acts: ['mail 0'] },
      'mail 1': { state: 'completed', acts: ['mail 1'] },
    },
  },
})

export const lane = defineScenario({
  name: 'three jobs in a lane of two',
  processors: hands => [step(hands, 400)],
  options: { concurrency: 3 },
  script: client =>
    client.enqueueMany(
      'step',
      ['a', 'b', 'c'].map(input => ({ input, key: input })),
    ),
  expects: {
    jobs: Object.fromEntries(['a', 'b', 'c'].map(key => [key, { state: 'completed', acts: [key] }])),
  },
})

/** The other side says once that it wants no calls for a while, and then takes them. */
export const gate = defineScenario({
  name: 'calls through a gate that closes',
  processors: hands => [
    defineProcessor({
      name: 'caller',
      input: z.null(),
      ...common,
      gate: () => ({ key: 'far side', spacingMs: 100 }),
      async run(context) {
        const isEarly = context.token === 1
        await context.call(
          async () => {
            await hands.act(context)
            if (isEarly) throw new RetryAfter(1_000)
          },
          { retries: 0 },
        )
      },
    }),
  ],
  script: client => client.enqueue('caller', null, { key: 'caller' }),
  expects: { jobs: { caller: { state: 'completed', acts: [''], repeats: 1 } } },
})

export const schedule = defineScenario({
  name: 'a slot of a schedule',
  processors: hands => [step(hands)],
  options: { schedules: [{ name: 'early', at: '2026-01-01T00:00:01Z', processor: 'step', input: 'tick' }] },
  script: () => Promise.resolve(),
  expects: { jobs: { 'schedule:early@2026-01-01T00:00:01.000Z': { state: 'completed', acts: ['tick'] } } },
})
