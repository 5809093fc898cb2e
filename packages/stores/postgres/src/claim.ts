import { type ClaimRequest, type Job, toStorable } from '@longhaul/core/store'
import { claimBehindOthers } from './claim-alone.js'
import { type ClaimedRow, claimedColumns, toClaimed } from './rows.js'
import type { Sql, Values } from './sql.js'

/**
 * Gives out due jobs. As long as none of them has a lane, one statement does it and claims never wait for each
 * other. Jobs with lanes are given out by one claim at a time, so that each sees what the ones before it gave.
 */
export function claimer() {
  let metLanes = false

  return async (sql: Sql, request: ClaimRequest): Promise<Claimed> => {
    const values = valuesOf(request)
    const before = metLanes ? none : await claimBesideOthers(sql, values)
    if (!metLanes && !before.lanesAhead) return before
    const behind = await claimBehindOthers(sql, values, request.limit, before.jobs.length)
    metLanes = behind.metLanes
    return { jobs: [...before.jobs, ...behind.jobs], dueInMs: undefined }
  }
}

export interface Claimed {
  readonly jobs: readonly Job[]
  /** Where there are none, how long until one will be due: `null` for never, `undefined` where nobody looked. */
  readonly dueInMs: number | null | undefined
}

interface Before extends Claimed {
  /** Whether it ended before a job with a lane. */
  readonly lanesAhead: boolean
}

const none: Before = { jobs: [], dueInMs: undefined, lanesAhead: true }

async function claimBesideOthers(sql: Sql, values: Values): Promise<Before> {
  const rows = await sql.all<ClaimedRow>(besideSql, values)
  const given = rows.filter(({ id }) => id !== null)
  const empty = rows.find(({ id }) => id === null)
  const dueInMs = empty ? empty.due_at : null
  return {
    jobs: given.map(toClaimed),
    dueInMs: dueInMs === null ? null : Number(dueInMs),
    lanesAhead: empty?.due_at === null,
  }
}

const besideSql = `
  select ${claimedColumns}
  from {claim}(
    {now}, @claimId, @processors::text[], @queues::text[], @exceptQueues::text[], @limit, @leaseMs, @order)
  order by claim_place`

function valuesOf(request: ClaimRequest): Values {
  const { claimId, processors, queues, exceptQueues = [], order = 'priority', limit, leaseMs } = request
  return {
    claimId: toStorable(claimId),
    processors: processors.map(toStorable),
    queues: queues?.map(toStorable),
    exceptQueues: exceptQueues.map(toStorable),
    limit,
    order,
    leaseMs: Math.ceil(leaseMs),
  }
}
