import type { RedisClient } from './client.js'
import { inTime } from './deadline.js'
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

export function connectionOn(client: RedisClient, settings: Settings, release: () => void): Connection {
  const key = (name: KeyName) => `{${settings.namespace}}:${name}`
  const call = (command: string, args: Arguments) => ask(client, command, args, settings)

  async function run(script: Script, args: Arguments) {
    const rest = [script.keys.length, ...script.keys.map(key)].concat(args as string[])
    try {
      return await call('EVALSHA', [script.sha, ...rest])
    } catch (error) {
      if (!isUnknownScript((error as Error).cause)) throw error
      return call('EVAL', [script.lua, ...rest])
    }
  }

  async function callEach(command: string, args: Arguments) {
    const nodes = client.nodes?.('master') ?? [client]
    return Promise.all(nodes.map(node => ask(node, command, args, settings)))
  }

  return { client, run, call, callEach, key, release }
}

async function ask(
  client: Pick<RedisClient, 'call'>,
  command: string,
  args: Arguments,
  { callTimeoutMs, clock }: Settings,
): Promise<unknown> {
  try {
    return await inTime(client.call(command, args as string[]), callTimeoutMs, clock)
  } catch (error) {
    throw toStoreError(error)
  }
}
