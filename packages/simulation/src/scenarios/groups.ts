import { step } from './runs.js'
import { defineScenario } from './scenario.js'

export const diamond = defineScenario({
  name: 'a group in the shape of a diamond',
  processors: hands => [step(hands)],
  script: client => {
    const group = client.group()
    const top = group.add('step', 'top', { key: 'top' })
    const left = group.add('step', 'left', { key: 'left', after: [top] })
    const right = group.add('step', 'right', { key: 'right', after: [top] })
    group.add('step', 'bottom', { key: 'bottom', after: [left, right] })
    group.finish('step', 'report', { key: 'report' })
    return group.enqueue()
  },
  expects: {
    jobs: Object.fromEntries(
      ['top', 'left', 'right', 'bottom', 'report'].map(key => [key, { state: 'completed', acts: [key] }]),
    ),
  },
})

export const cascade = defineScenario({
  name: 'a group whose first job fails',
  processors: hands => [step(hands)],
  script: client => {
    const group = client.group()
    const first = group.add('step', 'fail', { key: 'first' })
    const second = group.add('step', 'second', { key: 'second', after: [first] })
    group.add('step', 'third', { key: 'third', after: [second] })
    group.finish('step', 'report', { key: 'report' })
    return group.enqueue()
  },
  expects: {
    jobs: {
      first: { state: 'failed', acts: ['fail'] },
      second: { state: 'cancelled' },
      third: { state: 'cancelled' },
      report: { state: 'completed', acts: ['report'] },
    },
  },
})
