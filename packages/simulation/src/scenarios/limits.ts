import { defineProcessor } from '@longhaul/core'
import * as z from 'zod/mini'
import { common } from './runs.js'
import { defineScenario, type ExpectedJob } from './scenario.js'

const deadlineMs = 2_000
const tooLate: ExpectedJob = { state: 'failed', error: 'deadline_exceeded', deadlineMs }

/** One job is done on its first try, one would be tried for ever. */
export const retriedTooLong = defineScenario({
  name: 'a deadline between two tries',
  processors: hands => [
    defineProcessor({
      name: 'steady or not',
      input: z.enum(['steady', 'unsteady']),
      ...common,
      retry: { attempts: 1_000, backoff: { type: 'fixed', delayMs: 3_000, jitter: 'none' } },
      async run(context) {
        await hands.act(context)
        if (context.input === 'unsteady') throw new Error('Not yet.')
      },
    }),
  ],
  script: client =>
    client.enqueueMany('steady or not', [
      { input: 'steady', key: 'steady', deadlineMs },
      { input: 'unsteady', key: 'unsteady', deadlineMs },
    ]),
  expects: { jobs: { steady: { state: 'completed', acts: [''], deadlineMs }, unsteady: tooLate } },
})

export const endless = defineScenario({
  name: 'a deadline while a handler runs',
  processors: hands => [
    defineProcessor({
      name: 'endless',
      input: z.null(),
      ...common,
      async run(context) {
        for (let turn = 0; ; turn++) {
          await hands.spend(600, context.signal)
          context.signal.throwIfAborted()
          await hands.act(context, turn)
        }
      },
    }),
  ],
  script: client => client.enqueue('endless', null, { key: 'endless', deadlineMs }),
  expects: { jobs: { endless: tooLate } },
})

/** Its first attempt goes on for long after it was told to stop, and after another attempt is due. */
export const deaf = defineScenario({
  name: 'a handler that does not listen',
  options: { concurrency: 1, stuckAfterMs: 1_000 },
  processors: hands => [
    defineProcessor({
      name: 'deaf',
      input: z.null(),
      ...common,
      timeoutMs: 500,
      async run(context) {
        await hands.spend(context.attempt === 1 ? 4_500 : 0)
        await hands.act(context)
      },
    }),
  ],
  script: client => client.enqueue('deaf', null, { key: 'deaf' }),
  expects: { jobs: { deaf: { state: 'completed', acts: [''], repeats: 1 } } },
})
