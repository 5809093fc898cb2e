import type { RedisClient } from './client.js'
import { timeLimit } from './deadline.js'
import { isUnknownScript, toStoreError } from './errors.js'
import type { Settings } from './options.js'
import type { KeyName, Script } from './scripts/script.js'

export type Arguments = readonly (string | number)[]

/** An open connection with the keys of one namespace. */
export interface Connection {
  readonly client: RedisClient
  /** @throws {StoreError} also when no answer came in time; then the outcome is unknown. */
  run(script: Script, args: Arguments): Promise<unknown>
  call(command: string, args: Arguments): Promise<unknown>
  /** The answers of all primaries: one, unless it is a cluster. */
  callEach(command: string, args: Arguments): Promise<readonly unknown[]>
  key(name: KeyName): string
  /** Closes what was opened here. */
  release(): void
}

type Asked = Pick<RedisClient, 'call'>

export function connectionOn(client: RedisClient, settings: Settings, release: () => void): Connection {
  const key = (name: KeyName) => `{${settings.namespace}}:${name}`
  const keysOf = keysByScript(key)
  const inTime = timeLimit(settings.callTimeoutMs, settings.clock)

  const ask = (node: Asked, command: string, args: Arguments) =>
    inTime(node.call(command, args as string[])).catch(error => {
      throw toStoreError(error)
    })
  const call = (command: string, args: Arguments) => ask(client, command, args)

  async function run(script: Script, args: Arguments) {
    try {
      return await call('EVALSHA', [script.sha, ...keysOf(script), ...args])
    } catch (error) {
      if (!isUnknownScript((error as Error).cause)) throw error
      return call('EVAL', [script.lua, ...keysOf(script), ...args])
    }
  }

  async function callEach(command: string, args: Arguments) {
    const nodes: readonly Asked[] = client.nodes?.('master') ?? [client]
    return Promise.all(nodes.map(node => ask(node, command, args)))
  }

  return { client, run, call, callEach, key, release }
}

/** The keys of a script with their number before them, made once. */
function keysByScript(key: (name: KeyName) => string) {
  const known = new Map<Script, Arguments>()
  return (script: Script) => {
    const keys = known.get(script) ?? [script.keys.length, ...script.keys.map(key)]
    known.set(script, keys)
    return keys
  }
}
