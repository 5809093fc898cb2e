import { type Call, type Clock, systemClock } from '@longhaul/core'
import type { WorkizStore } from '../store.js'
import { entryMaker } from './entry.js'
import type { OffsetMode } from './offset-mode.js'
import { type SyncRules, syncRules, type WorkizSyncOptions } from './options.js'
import { wallClock } from './wall-clock.js'

/** Which account to sync. */
export interface WorkizSyncInput {
  readonly tenantId: string
  readonly accountId: string
}

/** What a sync needs from you. */
export interface WorkizPorts {
  readonly store: WorkizStore
  /** Asked before each call, so that a new token counts at once. Cache it where that is dear. */
  credentials(tenantId: string, accountId: string): WorkizCredentials | Promise<WorkizCredentials>
  /** @defaultValue globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch
  readonly clock?: Clock
}

export interface WorkizCredentials {
  readonly apiToken: string
}

/** What the steps of a sync share: its rules, its ports, and what was learnt of accounts in this process. */
export interface Sync {
  readonly rules: SyncRules
  readonly baseUrl: string | undefined
  readonly ports: WorkizPorts
  readonly clock: Clock
  readonly entryOf: ReturnType<typeof entryMaker>
  readonly wall: ReturnType<typeof wallClock>
  readonly offsetModes: Map<string, OffsetMode | 'unknown'>
}

/** What a step of a sync is given by whoever runs it. */
export interface StepContext {
  readonly input: WorkizSyncInput
  readonly call: Call
}

export function openSync(options: WorkizSyncOptions, ports: WorkizPorts): Sync {
  const rules = syncRules(options)
  return {
    rules,
    baseUrl: options.baseUrl,
    ports,
    clock: ports.clock ?? systemClock,
    entryOf: entryMaker(rules.accountTimeZone),
    wall: wallClock(rules.accountTimeZone),
    offsetModes: new Map(),
  }
}

/** Names an account, for its lane, its gate and what is remembered of it. */
export function accountKey({ tenantId, accountId }: WorkizSyncInput): string {
  return `workiz:${tenantId}:${accountId}`
}
