import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const hold = fileURLToPath(new URL('hold.mjs', import.meta.url))
const newerDriver = new URL('newer-driver.mjs', import.meta.url)
const driver = Number(process.versions.napi) >= 10 ? [`--import=${newerDriver}`] : []
const live = [...driver, '--conditions=@longhaul/source', '--import', 'tsx']

const root = mkdtempSync(join(tmpdir(), 'longhaul-demo-'))
afterAll(() => rmSync(root, { recursive: true }))

export function folder(): string {
  return mkdtempSync(join(root, 'data-'))
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

/** The demo as a process of its own. */
export function start(args: readonly string[]) {
  const child = spawn(process.execPath, [...live, main, ...args])
  const output = { out: '', err: '' }
  child.stdout.on('data', chunk => {
    output.out += chunk
  })
  child.stderr.on('data', chunk => {
    output.err += chunk
  })
  const ended = new Promise<Ended>(resolve => {
    child.on('close', (code, signal) => resolve({ code, signal, ...output }))
  })

  return {
    ended,
    /** Sends the signal as soon as `isTime`, and waits for the end. */
    async endWhen(isTime: (out: string) => boolean, signal: NodeJS.Signals) {
      while (!isTime(output.out) && child.exitCode === null && child.signalCode === null) await setTimeout(5)
      child.kill(signal)
      return ended
    },
  }
}

/** Has another process hold the file for so long, and resolves once it does. */
export async function locker(file: string, ms: number): Promise<void> {
  const child = spawn(process.execPath, [...driver, hold, file, String(ms)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise(resolve => child.stdout.once('data', resolve))
}

/** The calls that were made so far, as the ledger in the folder has them. */
export function calls(data: string): string[] {
  const file = join(data, 'api-calls.log')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

/** The line of the summary that begins so. */
export function line(out: string, name: string): string {
  return out.split('\n').find(text => text.startsWith(`  ${name} `)) ?? ''
}
