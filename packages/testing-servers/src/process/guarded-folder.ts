import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import type { User } from './user.js'

/** A folder in the temp dir, and the server that lives in it. */
export interface GuardedFolder {
  readonly path: string
  /** Says which process to end should this one end first; `undefined` for none. */
  guard(pid: number | undefined): void
  /** Removes the folder, and ends the guarded process if there is one. */
  remove(): Promise<void>
}

// It learns the server's pid line by line. Its input ends when this process does, however that comes about:
// not even a `kill -9` leaves a server or a folder behind. The wait is bounded, as a zombie looks alive.
const script = `
  while read -r line; do pid=$line; done
  if [ -n "$pid" ]; then
    kill -s "$1" "$pid"
    for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      kill -0 "$pid" 2>/dev/null && sleep 0.1
    done
  fi
  rm -rf "$2"`

/** Makes a folder that belongs to `user`. `signal` ends its server in a hurry, without its name's leading SIG. */
export async function guardedFolder(name: string, signal: string, user: User): Promise<GuardedFolder> {
  const path = await mkdtemp(join(tmpdir(), `longhaul-${name}-`))
  if (user.uid !== undefined && user.gid !== undefined) await chown(path, user.uid, user.gid)
  const guard = startGuard(signal, path)

  return {
    path,
    guard: pid => void guard.stdin.write(`${pid ?? ''}\n`),
    async remove() {
      guard.ref()
      const gone = once(guard, 'exit')
      guard.stdin.end()
      await gone
    },
  }
}

/** In a session of its own, so that Ctrl-C in the terminal doesn't reach it. */
function startGuard(signal: string, path: string): ChildProcess & { stdin: Writable } {
  const guard = spawn('sh', ['-c', script, 'sh', signal, path], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.unref()
  ;(guard.stdin as Writable & { unref(): void }).unref()
  return guard
}
