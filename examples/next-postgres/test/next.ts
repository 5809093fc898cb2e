import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

const app = join(import.meta.dirname, '..')
const cli = createRequire(import.meta.url).resolve('next/dist/bin/next')
/** Vitest says `test` in NODE_ENV, which a build heeds. */
const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1' } as const

/** Builds the app, without a database and without any secret. */
export async function build(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'build'], { cwd: app, env })
  return stdout
}

/** Serves what was built, on a port of its own. */
export async function start(more: Readonly<Record<string, string>>) {
  const args = [cli, 'start', '--port', '0', '--hostname', '127.0.0.1']
  const child = spawn(process.execPath, args, { cwd: app, env: { ...env, ...more } })
  const output: string[] = []
  child.stdout.on('data', chunk => void output.push(String(chunk)))
  child.stderr.on('data', chunk => void output.push(String(chunk)))
  const ended = once(child, 'close')
  const text = () => output.join('')
  while (!text().includes('Ready in')) {
    const [code] = await Promise.race([once(child.stdout, 'data'), ended])
    if (child.exitCode !== null) throw new Error(`next start ended with ${code}: ${text()}`)
  }

  return {
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(text())?.[0] ?? '',
    output: text,
    async stop() {
      child.kill()
      await ended
    },
  }
}
