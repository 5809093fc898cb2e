import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll } from 'vitest'

const main = join(import.meta.dirname, '../src/main.ts')

const root = mkdtempSync(join(tmpdir(), 'longhaul-demo-'))
afterAll(() => rmSync(root, { recursive: true }))

export function folder(): string {
  return mkdtempSync(join(root, 'data-'))
}

/** The demo as a process of its own. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const flags = ['--conditions=@longhaul/source', '--import', 'tsx', main, ...args]
  const child = spawn(process.execPath, flags, { env: { ...process.env, ...env } })
  const output = { out: '', err: '' }
  child.stdout.on('data', chunk => {
    output.out += chunk
  })
  child.stderr.on('data', chunk => {
    output.err += chunk
  })
  const ended = new Promise<{ code: number | null; out: string; err: string }>(resolve => {
    child.on('close', code => resolve({ code, ...output }))
  })

  return {
    ended,
    /** Sends the signal as soon as `isTime`, and waits for the end. */
    async endWhen(isTime: (out: string) => boolean, signal: NodeJS.Signals) {
      while (!isTime(output.out) && child.exitCode === null) await setTimeout(5)
      child.kill(signal)
      return ended
    },
  }
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
