// node bench/run.mjs --store sqlite --workload drain-100 --rounds 5        See README.md
import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { startServer } from './servers/index.mjs'
import { printTable, summary } from './table.mjs'
import { workloads } from './workloads/index.mjs'

const { values: flags } = parseArgs({
  options: {
    store: { type: 'string', default: 'all' },
    workload: { type: 'string', default: 'all' },
    contestants: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    jobs: { type: 'string' },
    synchronous: { type: 'string', default: 'full' },
    backlog: { type: 'string', default: '20000' },
    ended: { type: 'string', default: '20000' },
    samples: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '15' },
    'idle-seconds': { type: 'string', default: '20' },
    packages: { type: 'string' },
    against: { type: 'string' },
    dir: { type: 'string' },
    'postgres-url': { type: 'string' },
    'redis-url': { type: 'string' },
    'cpu-prof': { type: 'string' },
    json: { type: 'string' },
  },
})

const results = []
for (const store of chosen(flags.store, ['sqlite', 'postgres', 'redis'])) await runStore(store)
if (flags.json) writeFileSync(flags.json, JSON.stringify({ ...machine(), flags, results }, null, 2))

async function runStore(store) {
  const server = await startServer(store, flags)
  try {
    for (const workload of chosen(flags.workload, Object.keys(workloads))) {
      const tables = summary(await runRounds(store, workload, server))
      results.push({ store, workload, durability: server.durability, tables })
      console.log(`\n${store} · ${workload} · ${server.durability}`)
      for (const table of tables) printTable(table)
    }
  } finally {
    await server.stop()
  }
}

/** Every contestant once a round, each round in another order, so that a busy minute hits all alike. */
async function runRounds(store, workload, server) {
  const { raw = true } = workloads[workload]
  const entrants = (await entrantsOf(store)).filter(({ name }) => raw || name !== 'raw')
  const rounds = []
  for (let round = 0; round < Number(flags.rounds); round++) {
    const order = entrants.map((_, index) => entrants[(index + round) % entrants.length])
    const figures = {}
    for (const entrant of order) {
      figures[entrant.name] = await runTrial({ ...entrant, store, workload, round }, server)
    }
    rounds.push(figures)
  }
  return rounds
}

async function entrantsOf(store) {
  const { contestants } = await import(`./contestants/${store}.mjs`)
  const { packages } = flags
  const all = Object.keys(contestants).map(contestant => ({ name: contestant, contestant, packages }))
  const other = { name: 'longhaul (other)', contestant: 'longhaul', packages: flags.against }
  const entrants = flags.against ? [...all, other] : all
  const wanted = flags.contestants?.split(';')
  return wanted ? entrants.filter(({ contestant }) => wanted.includes(contestant)) : entrants
}

async function runTrial(entrant, server) {
  const target = await server.freshTarget()
  const trial = {
    ...entrant,
    target,
    url: server.url,
    synchronous: flags.synchronous,
    jobs: Number(flags.jobs ?? workloads[entrant.workload].jobs),
    backlog: Number(flags.backlog),
    ended: Number(flags.ended),
    samples: Number(flags.samples),
    seconds: Number(flags.seconds),
    idleSeconds: Number(flags['idle-seconds']),
  }
  try {
    return await inProcess(trial)
  } catch (error) {
    console.error(`${entrant.name}, ${entrant.workload}: ${error.message}`)
    return {}
  }
}

function inProcess(trial) {
  const profile = flags['cpu-prof'] ? ['--cpu-prof', `--cpu-prof-dir=${flags['cpu-prof']}`] : []
  const child = fork(new URL('trial.mjs', import.meta.url), [JSON.stringify(trial)], { execArgv: profile })
  return new Promise((resolve, reject) => {
    let answer
    child.on('message', message => {
      answer = message.figures
    })
    child.on('exit', code => (answer ? resolve(answer) : reject(new Error(`ended with exit code ${code}`))))
  })
}

function chosen(flag, all) {
  return flag === 'all' ? all : flag.split(',')
}

function machine() {
  return { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model, load: loadavg() }
}
