import { type JobFilter, type JobState, toStorable } from '@longhaul/core/store'
import { digest } from './key-index.js'
import { isAmong, type Values } from './sql.js'

/** A condition over `jobs`, and the values it names. */
export interface Condition {
  readonly sql: string
  readonly values: Values
}

const tests = {
  ids: isAmong('id', 'ids'),
  states: 'state = any(@states::text[])',
  processors: 'processor = any(@processors::text[])',
  queues: 'queue = any(@queues::text[])',
  lane: 'lane = @lane',
  tenant: 'tenant = @tenant',
  key: `key = @key and ${digest('key')} = ${digest('@key::text')}`,
  correlationId: 'correlation_id = @correlationId',
  group: 'group_name = @group',
  tag: 'tags is not null and tags @> array[@tag]::text[]',
} satisfies Record<keyof JobFilter, string>

export function matching(filter: JobFilter): Condition {
  const fields = (Object.keys(tests) as (keyof JobFilter)[]).filter(field => filter[field] !== undefined)
  const conditions = fields.map(field => tests[field])
  if (filter.states?.every(isLive)) conditions.push(live)
  return {
    sql: conditions.join(' and ') || 'true',
    values: Object.fromEntries(fields.map(field => [field, stored(filter[field])])),
  }
}

/** In the very words of the index on due jobs, which so serves whoever asks for no others. */
export const live = "state in ('waiting', 'running')"

function isLive(state: JobState) {
  return state === 'waiting' || state === 'running'
}

function stored(wanted: string | readonly string[] | undefined) {
  return typeof wanted === 'string' ? toStorable(wanted) : (wanted ?? []).map(toStorable)
}
