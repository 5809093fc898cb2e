import { only } from './events.js'
import { everyPair } from './explore/every-pair.js'
import { planned } from './explore/planned.js'
import { run } from './run.js'
import { scenarios } from './scenarios/index.js'
import { addRun, lineOf, noTotals } from './totals.js'
import { faultNames } from './faults/faults.js'
const n = Number(process.argv[2])
const s = scenarios[n]!
{
  const t = performance.now()
  let totals = noTotals, runs = 0
  const calls = only((await run(s, planned([]))).events, 'called').filter(c => c.worker === 'first').length
  if (process.argv[3] === 'pairs') totals = await everyPair(s)
  else for (let call = 1; call <= calls; call++) for (const fault of faultNames) {
    totals = addRun(totals, await run(s, planned([{ call, fault }])), `${fault} ${call}`)
  }
  const ms = performance.now() - t
  console.log(lineOf(s.name, totals), calls, 'calls', (ms / totals.runs).toFixed(2), 'ms a run', (ms/1000).toFixed(1))
  for (const v of totals.violations.slice(0, 12)) console.log('  ', v.slice(0, 300))
}
