import type { Clock, Runner } from '@longhaul/core'
import { step } from './runs.js'
import { defineScenario } from './scenario.js'

const everyMs = 1_000

/** The workers come too late for two slots, and in time for the third. */
export const slots = defineScenario({
  name: 'the slots of a schedule that comes again and again',
  options: {
    concurrency: 1,
    schedules: [{ name: 'often', everyMs, processor: 'step', input: 'tick', catchUp: 'all' }],
  },
  processors: hands => [step(hands)],
  async prepare(client, clock) {
    await client.tick()
    await clock.advance(2.5 * everyMs)
  },
  async script(client, clock) {
    await madeAtLeast(3, client, clock)
    await client.schedules.pause('often')
  },
  expects: {
    jobs: {},
    slots: {
      schedule: 'often',
      everyMs,
      first: '2026-01-01T00:00:01.000Z',
      least: 3,
      each: { state: 'completed', acts: ['tick'] },
    },
  },
})

async function madeAtLeast(count: number, client: Pick<Runner, 'list'>, clock: Clock): Promise<void> {
  while ((await client.list({ tag: 'schedule:often' })).jobs.length < count) await clock.sleep(500)
}
