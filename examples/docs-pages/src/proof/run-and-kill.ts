import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { serve } from '../site.js'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const live = ['--conditions=@longhaul/source', '--import', 'tsx']

export interface Walk {
  readonly folder: string
  readonly database: string
  readonly batchSize: number
  /** The app is killed when it asks for its nth page, counted over all its runs; then it is started again. */
  readonly killAt: readonly number[]
}

export interface Walked {
  /** Every page that was asked for, in order. */
  readonly requests: readonly string[]
  readonly kills: number
  /** Pages asked for by a last run, which is started after the job has ended. */
  readonly requestsAfterwards: number
}

/** Runs the app until its job has ended, in a process of its own that is killed on the way. */
export async function runAndKill({ folder, database, batchSize, killAt }: Walk): Promise<Walked> {
  const requests: string[] = []
  let current: ReturnType<typeof start> | undefined
  const site = await serve(folder, path => {
    requests.push(path)
    if (killAt.includes(requests.length)) current?.kill('SIGKILL')
  })
  const run = () => {
    current = start([folder, '--database', database, '--batch', String(batchSize), '--site', site.url])
    return ended(current)
  }

  try {
    let kills = 0
    while ((await run()) === 'killed') kills++
    const requested = requests.length
    await run()
    return { requests, kills, requestsAfterwards: requests.length - requested }
  } finally {
    current?.kill('SIGKILL')
    site.close()
  }
}

function start(options: readonly string[]) {
  return spawn(process.execPath, [...live, main, ...options], { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** @throws when it ended by itself, and not well. */
async function ended(child: ReturnType<typeof start>): Promise<'killed' | 'done'> {
  const [code, signal] = await once(child, 'exit')
  if (signal === 'SIGKILL') return 'killed'
  if (code === 0) return 'done'
  throw new Error(`The app ended with exit code ${code}.`)
}
