import type { NewJob } from '@longhaul/core/store'
import { keyIndexed } from './key-index.js'
import { type Recordset, recordset } from './recordset.js'
import { jobColumns, newColumns } from './rows.js'

/** The job that has an id, or else the one that has the key which `like` has for its processor and tenant. */
export const byIdOrKey = (like: string, id: string) => `
      select 1 as preference, job.* from {jobs} as job where job.id = ${id}
      union all
      select 2, job.* from {jobs} as job
      where job.key is not null and ${sameKey(like)}
      order by preference limit 1`

function sameKey(like: string): string {
  const asked = keyIndexed(`${like}.`)
  return keyIndexed('job.')
    .map((part, at) => `${part} = ${asked[at]}`)
    .join(' and ')
}

/** What is stored for each: the job with the same id, or else with the same key. One that is gone again is left out. */
export function storedAsSql(jobs: readonly NewJob[]): Recordset {
  const { id, processor, key, tenant } = newColumns
  const { sql: wanted, values } = recordset('wanted', { id, processor, key, tenant }, jobs)
  const text = `
    select place, ${jobColumns}
    from (select wanted.place, found.* from (${wanted}) as wanted
      cross join lateral (${byIdOrKey('wanted', 'wanted.id')}) as found) as stored
    order by place`
  return { sql: text, values }
}
