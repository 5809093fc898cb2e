// A worker in a process of its own: works from `go` to `stop`, and tells every 20 ms what it saw.
import { nowMs } from './workloads/ledger.mjs'

const trial = JSON.parse(process.argv[2])
const { contestants } = await import(`./contestants/${trial.store}.mjs`)
const contestant = await contestants[trial.contestant]({ ...trial, target: `${trial.target}_${trial.part}` })
let seen = []

setInterval(tell, 20)
process.send({ ready: true })
process.on('message', async message => {
  if (message === 'go') await contestant.work(async ({ n }) => void seen.push({ n, at: nowMs() }))
  if (message === 'stop') await end()
})

function tell() {
  if (seen.length > 0) process.send({ seen })
  seen = []
}

async function end() {
  await contestant.stop()
  tell()
  await contestant.close()
  process.exit()
}
