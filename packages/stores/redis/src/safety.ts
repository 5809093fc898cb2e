import { StoreError } from '@longhaul/core/store'
import type { Connection } from './connection.js'
import { schemaScript, schemaVersion } from './scripts/schema.js'

/** A server that evicts keys loses jobs, and a replica refuses writes, or shows the past. */
export async function refuseUnsafe({ call, callEach, key }: Connection): Promise<void> {
  await call('GET', [key('schema')]) // a cluster knows its nodes once it has answered
  for (const info of await callEach('INFO', [])) {
    const reason = unsafe(String(info))
    if (reason) throw new StoreError('store_failed', 'redis', `${reason} ${override}`)
  }
}

export async function checkSchema({ run }: Connection): Promise<void> {
  const version = Number(await run(schemaScript, [schemaVersion]))
  if (version <= schemaVersion) return
  const message =
    `The keys have version ${version}, and this @longhaul/redis knows versions up to ${schemaVersion}. ` +
    'Update @longhaul/redis here, or use another namespace.'
  throw new StoreError('schema_too_new', 'redis', message)
}

function unsafe(info: string): string | undefined {
  const policy = settingIn(info, 'maxmemory_policy')
  if (settingIn(info, 'role') === 'slave') return 'The server is a replica: connect to its primary.'
  if (policy === 'noeviction') return undefined
  return `The server may evict jobs when its memory is full: set maxmemory-policy to noeviction (it is ${policy}).`
}

function settingIn(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
}

const override = 'Or say `allowUnsafeServer: true`, if losing jobs is all right.'
