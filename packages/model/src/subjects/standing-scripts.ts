import { createHash } from 'node:crypto'
import type { RedisClient } from '@longhaul/redis'

type Call = RedisClient['call']

/**
 * A client whose scripts find the server's time standing at 0, so that the `clock` key alone says how late it is.
 * They have hashes of their own, whatever other stores have loaded into the server.
 */
export function withStandingScripts(client: RedisClient): RedisClient {
  return { ...refusing, call: callStopped(client), disconnect: () => client.disconnect() }
}

/** No subject listens. */
const refusing: Pick<RedisClient, 'duplicate' | 'on'> = {
  duplicate() {
    throw new Error('A standing clock wakes nobody.')
  },
  on() {},
}

function callStopped(client: RedisClient): Call {
  const hashes = new Map<string, string>()
  return async (command, [script, ...rest]) => {
    if (command === 'EVALSHA') return client.call(command, [known(hashes, String(script)), ...rest])
    if (command === 'EVAL') return client.call(command, [stopped(hashes, String(script)), ...rest])
    return client.call(command, script === undefined ? [] : [script, ...rest])
  }
}

function known(hashes: ReadonlyMap<string, string>, hash: string): string {
  const stoppedHash = hashes.get(hash)
  if (stoppedHash === undefined) throw new Error('NOSCRIPT The script with a clock was not sent yet.')
  return stoppedHash
}

function stopped(hashes: Map<string, string>, script: string): string {
  const without = script.replace("redis.call('TIME')", '{ 0, 0 }')
  hashes.set(hashOf(script), hashOf(without))
  return without
}

function hashOf(script: string): string {
  return createHash('sha1').update(script).digest('hex')
}
