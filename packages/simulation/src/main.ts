import { parseArgs } from 'node:util'
import { swarm } from './explore/swarm.js'
import { lineOf } from './totals.js'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
})
const first = Number(values.seed ?? values.from)
const count = values.seed === undefined ? Number(values.seeds) : 1
const totals = await swarm(Array.from({ length: count }, (_, index) => first + index))
for (const violation of totals.violations) console.log(violation)
console.log(lineOf('swarm', totals))
process.exitCode = totals.violations.length === 0 ? 0 : 1
