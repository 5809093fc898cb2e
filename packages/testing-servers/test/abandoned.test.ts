import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { canStart } from '../src/index.js'
import { problemOf } from '../src/process/problem.js'
import { call } from '../src/redis/call.js'

const script = join(import.meta.dirname, 'abandoned.ts')

async function setup() {
  const temp = await mkdtemp(join(tmpdir(), 'longhaul-abandoned-'))
  onTestFinished(() => rm(temp, { recursive: true }))
  const flags = ['--conditions=@longhaul/source', '--import', 'tsx', script]
  const run = spawn(process.execPath, flags, {
    cwd: join(import.meta.dirname, '../../..'),
    env: { ...process.env, TMPDIR: temp },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void run.kill('SIGKILL'))
  return { run, url: await firstLine(run), folders: () => readdirSync(temp).filter(isOurs) }
}

async function firstLine(run: ChildProcess): Promise<string> {
  const [chunk] = await once(run.stdout!, 'data')
  return String(chunk).trim()
}

const isOurs = (folder: string) => folder.startsWith('longhaul-')

it.skipIf(!canStart('redis')).each(['SIGINT', 'SIGKILL'] as const)(
  'a run that ends by %s leaves no server and no folder behind',
  async signal => {
    const { run, url, folders } = await setup()
    expect(await problemOf(call(url, ['ping']))).toBeUndefined()
    expect(folders()).toHaveLength(1)

    run.kill(signal)

    await expect.poll(() => problemOf(call(url, ['ping']))).toBeDefined()
    await expect.poll(folders).toEqual([])
  },
)
