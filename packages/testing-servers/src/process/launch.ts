import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { problemOf } from './problem.js'
import type { User } from './user.js'

/** One run of a server. */
export interface ServerProcess {
  readonly pid: number | undefined
  runs(): boolean
  /** Sends `signal` and resolves when the process is gone, at once if it already is. */
  end(signal: NodeJS.Signals): Promise<void>
  /**
   * Repeats `answers` until it succeeds.
   *
   * @throws with the end of the log, when the process ended or took too long.
   */
  until(answers: () => Promise<unknown>): Promise<void>
}

const patienceMs = 30_000

/** Runs `command` in `folder`, where it logs to `server.log`, in a session that Ctrl-C doesn't reach. */
export function launch(command: readonly [string, ...string[]], folder: string, user: User): ServerProcess {
  const log = `${folder}/server.log`
  const child = spawnLogging(command, folder, log, user)
  const gone = new Promise<void>(resolve => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const runs = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null

  return {
    pid: child.pid,
    runs,
    async end(signal) {
      child.ref()
      if (runs()) child.kill(signal)
      await gone
    },
    async until(answers) {
      const deadline = performance.now() + patienceMs
      for (;;) {
        const problem = await problemOf(answers())
        if (problem === undefined) return
        if (!runs() || performance.now() > deadline) throw failure(command[0], log, problem)
        await sleep(20)
      }
    },
  }
}

function spawnLogging(
  [program, ...args]: readonly [string, ...string[]],
  cwd: string,
  log: string,
  user: User,
) {
  const output = openSync(log, 'a')
  const env = { ...process.env, LC_ALL: 'C' }
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', output, output], ...user })
  closeSync(output)
  child.unref()
  return child
}

function failure(program: string, log: string, cause: unknown): Error {
  const lastLines = readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n')
  return new Error(`${program} did not start: ${lastLines || cause}`, { cause })
}
