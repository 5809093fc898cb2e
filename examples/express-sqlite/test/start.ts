import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@longhaul/http/client'
import { test as base } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const newerDriver = new URL('newer-driver.mjs', import.meta.url)
const driver = Number(process.versions.napi) >= 10 ? [`--import=${newerDriver}`] : []
const live = [...driver, '--conditions=@longhaul/source', '--import', 'tsx']

export const token = 'a-token-for-the-tests'
export const authorization = `Bearer ${token}`

/** The app as a process of its own. */
function run(env: Record<string, string>) {
  const child = spawn(process.execPath, [...live, main], { env: { ...process.env, PORT: '0', ...env } })
  const output = { out: '', err: '' }
  child.stdout.on('data', chunk => {
    output.out += chunk
  })
  child.stderr.on('data', chunk => {
    output.err += chunk
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }))
  return { child, output, ended }
}

/** Waits until it says where it is. */
async function listening(process: ReturnType<typeof run>) {
  const { child, output, ended } = process
  while (!output.out.includes('\n')) {
    const what = await Promise.race([once(child.stdout, 'data'), ended])
    if ('code' in what) throw new Error(`It did not start: ${what.err}`)
  }
  const url = output.out.trim().replace('Listening on ', '')

  return {
    url,
    client: createClient({ url: `${url}/api/jobs`, headers: { authorization } }),

    ask(method: string, path: string, body?: unknown): Promise<Response> {
      const type = { 'content-type': 'application/json' }
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      return fetch(url + path, { method, ...sent, headers: { authorization, ...(sent.body ? type : {}) } })
    },

    /** Asks it to end, and waits until it has. */
    stop(signal: NodeJS.Signals) {
      child.kill(signal)
      return ended
    },
  }
}

export type App = Awaited<ReturnType<typeof listening>>

interface Fixtures {
  /** In a folder of its own, which is gone after the test. */
  readonly file: string
  readonly run: typeof run
  /** Runs the app on the file until it listens, by default fast enough to import everything in a second. */
  readonly start: (how?: { callsPerSecond?: number }) => Promise<App>
}

/** A test with an app of its own; whatever it started has ended after it. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: how a fixture says that it needs no other
  file: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-express-'))
    await use(join(folder, 'app.db'))
    rmSync(folder, { recursive: true })
  },
  // biome-ignore lint/correctness/noEmptyPattern: how a fixture says that it needs no other
  run: async ({}, use) => {
    const started: ReturnType<typeof run>[] = []
    await use(env => {
      const process = run(env)
      started.push(process)
      return process
    })
    for (const { child } of started) child.kill('SIGKILL')
    await Promise.all(started.map(({ ended }) => ended))
  },
  start: async ({ file, run }, use) => {
    await use(({ callsPerSecond = 200 } = {}) =>
      listening(run({ DATABASE: file, API_TOKEN: token, CALLS_PER_SECOND: `${callsPerSecond}` })),
    )
  },
})
