import { execFileSync } from 'node:child_process'
import { startServer, type TestServer } from '../process/server.js'
import { call } from './call.js'

/** `shutdown` is in order, `kill` is `kill -9`. */
export type RedisStop = 'shutdown' | 'kill'

export type RedisServer = TestServer<RedisStop>

export interface RedisOptions {
  /**
   * Whether each write is in the append-only file before it is acknowledged, and so survives even a `kill`.
   * Without it a stop forgets everything.
   *
   * @defaultValue false
   */
  readonly appendonly?: boolean
  /** Server settings, such as `{ maxmemory: '8mb' }`. */
  readonly settings?: Readonly<Record<string, string>>
}

/**
 * Starts a Redis of the test's own, to kill and restart.
 *
 * @throws when `redis-server` isn't on the PATH, see `canStart`.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  if (!hasRedis()) throw new Error(noRedis)
  return startServer<RedisStop>({
    name: 'redis',
    user: {},
    signals: { shutdown: 'SIGTERM', kill: 'SIGKILL' },
    gently: 'shutdown',
    hastily: 'kill',
    url: port => `redis://127.0.0.1:${port}`,
    command: (folder, port) => ['redis-server', ...flags(folder, port, options)],
    answers: url => call(url, ['ping']),
  })
}

export const noRedis = 'redis-server is not on the PATH'

export function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function flags(folder: string, port: number, { appendonly = false, settings = {} }: RedisOptions): string[] {
  const own = {
    port: `${port}`,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: appendonly ? 'yes' : 'no',
    appendfsync: 'always',
  }
  return Object.entries({ ...own, ...settings }).flatMap(([name, value]) => [`--${name}`, value])
}
