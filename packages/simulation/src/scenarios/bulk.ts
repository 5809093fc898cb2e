import { type Clock, defineProcessor, Fatal, type Runner } from '@longhaul/core'
import * as z from 'zod/mini'
import { common } from './runs.js'
import { defineScenario, type Hands } from './scenario.js'
import { walk, walked } from './walks.js'

const unwanted = ['unwanted']

export const manyCancelled = defineScenario({
  name: 'walks that are cancelled by a filter',
  options: { concurrency: 1 },
  processors: hands => [walk(hands, 300)],
  async script(client, clock) {
    await client.enqueueMany('walk', [
      { input: 8, key: 'running', tags: unwanted },
      { input: 2, key: 'wanted' },
      { input: 8, key: 'waiting', tags: unwanted },
    ])
    await clock.sleep(800)
    await client.bulk.cancel({ tag: 'unwanted' })
  },
  expects: {
    jobs: { running: { state: 'cancelled' }, waiting: { state: 'cancelled' }, wanted: walked(2) },
  },
})

/** They fail where they are first, and are moved on the way and tried again once all have ended. */
export const manyRetried = defineScenario({
  name: 'jobs that are moved and retried by a filter',
  options: { concurrency: 1 },
  processors: hands => [secondTime(hands)],
  async script(client, clock) {
    await client.enqueueMany('second time', [
      { input: 'a', key: 'a' },
      { input: 'b', key: 'b' },
    ])
    await clock.sleep(200)
    await client.bulk.move({ processors: ['second time'] }, { queue: 'late' })
    await allEnded(client, clock)
    await client.bulk.retry({ queues: ['late'] })
  },
  expects: {
    jobs: {
      a: { state: 'completed', acts: ['a first', 'a second'], queue: 'late' },
      b: { state: 'completed', acts: ['b first', 'b second'], queue: 'late' },
    },
  },
})

/** Fails for good unless it has been here before. */
function secondTime(hands: Hands) {
  return defineProcessor({
    name: 'second time',
    input: z.string(),
    ...common,
    async run(context) {
      if (!(await hands.spend(400, context.signal))) return
      const time = context.cursor === null ? 'first' : 'second'
      await hands.act(context, `${context.input} ${time}`)
      if (time === 'second') return
      await context.checkpoint(1)
      throw new Fatal('Not in this queue.')
    },
  })
}

async function allEnded(client: Pick<Runner, 'stats'>, clock: Clock): Promise<void> {
  for (;;) {
    const { states } = await client.stats()
    if (states.waiting + states.running === 0) return
    await clock.sleep(500)
  }
}
