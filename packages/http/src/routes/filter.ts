import type { JobFilter } from '@longhaul/core'
import type { z } from 'zod'
import { type Access, scopeOf } from '../access/access.js'
import { forbidden } from '../access/guard.js'
import type { jobFilterQuery } from '../schema/job.js'

type Asked = z.output<typeof jobFilterQuery>

/** What is asked for, within what may be seen. @throws {HttpError} 403 for another tenant. */
export function filterOf(asked: Asked, access: Access): JobFilter {
  const { state, processor, queue, tenant, lane, key, correlationId, tag, group } = asked
  if (tenant !== undefined && access.tenant !== null && tenant !== access.tenant) {
    throw forbidden('These are the jobs of another tenant.')
  }
  return defined({
    ...{ states: state, processors: processor, queues: queue },
    ...{ lane, key, correlationId, tag, group, tenant, ...scopeOf(access) },
  })
}

type Defined<Value> = { [Name in keyof Value]: Exclude<Value[Name], undefined> }

/** Without what is `undefined`. */
export function defined<Value extends object>(value: Value): Partial<Defined<Value>> {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(entries) as Partial<Defined<Value>>
}
