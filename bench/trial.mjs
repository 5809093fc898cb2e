// One contestant, one workload, one fresh process, so that nobody pays for the garbage or the warm-up of another.
import { workloads } from './workloads/index.mjs'

const trial = JSON.parse(process.argv[2])
const { contestants } = await import(`./contestants/${trial.store}.mjs`)

/** Opens the contestant on a place of its own: `part` keeps the parts of a trial apart. */
function open(part, options) {
  const target = `${trial.target}_${part}`
  return contestants[trial.contestant]({ ...trial, target, ...options })
}

const figures = await workloads[trial.workload].measure({ ...trial, open })
process.send({ figures })
process.disconnect()
// Some drivers keep timers or sockets for a while after they were closed.
setTimeout(() => process.exit(), 1_000).unref()
