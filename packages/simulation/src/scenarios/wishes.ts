import { defineScenario } from './scenario.js'
import { walk, walked } from './walks.js'

const itemMs = 300

export const cancelled = defineScenario({
  name: 'a walk that is cancelled on its way',
  processors: hands => [walk(hands, itemMs)],
  async script(client, clock) {
    const { id } = await client.enqueue('walk', 4, { key: 'walk' })
    await clock.sleep(500)
    await client.cancel(id)
  },
  expects: { jobs: { walk: { state: 'cancelled', batchSize: 2 } } },
})

export const paused = defineScenario({
  name: 'a walk that is paused and goes on',
  processors: hands => [walk(hands, itemMs)],
  async script(client, clock) {
    const { id } = await client.enqueue('walk', 4, { key: 'walk' })
    await clock.sleep(500)
    await client.pause(id)
    await clock.sleep(2_000)
    await client.resume(id)
  },
  expects: { jobs: { walk: walked(4) } },
})
