import { step } from './runs.js'
import { defineScenario } from './scenario.js'
import { walk, walked } from './walks.js'

export const closed = defineScenario({
  name: 'a queue and a processor that are paused and resumed',
  processors: hands => [step(hands), walk(hands, 0)],
  async prepare(client) {
    await client.queues.pause('closed')
    await client.processors.pause('walk')
  },
  async script(client, clock) {
    await client.enqueue('step', 'held', { key: 'held', queue: 'closed' })
    await client.enqueue('walk', 2, { key: 'walk' })
    await clock.sleep(1_000)
    await client.queues.resume('closed')
    await client.processors.resume('walk')
  },
  expects: { jobs: { held: { state: 'completed', acts: ['held'] }, walk: walked(2) } },
})
