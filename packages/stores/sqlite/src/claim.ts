import { type ClaimRequest, type Job, toStorable } from '@longhaul/core/store'
import {
  type ClaimTimes,
  type DueJob,
  dueBehind,
  foremost,
  type Line,
  linesInTurn,
  type Place,
  takeSql,
} from './due.js'
import { type JobRow, jobColumns, toJob } from './rows.js'
import { listOf, type Sql } from './sql.js'

export function claimJobs(sql: Sql, request: ClaimRequest): Job[] {
  const times = timesOf(sql, request)
  const repeated = heldBy(sql, request.claimId, times.now)
  if (repeated.length > 0) return repeated

  const taken: DueJob[] = []
  for (const lines of linesInTurn(sql, request)) {
    takeFrom(sql, lines, request, taken, times)
    if (taken.length === request.limit) break
  }
  return taken.map(job => toJob(job.taken))
}

function timesOf(sql: Sql, { leaseMs }: ClaimRequest): ClaimTimes {
  const now = sql.now()
  return { now, leaseEnd: now + leaseMs }
}

/** Whether a claim would find anything, without the lock that only one process can hold. */
export function mayClaim(sql: Sql, request: ClaimRequest): boolean {
  const times = timesOf(sql, request)
  for (const lines of linesInTurn(sql, request)) {
    if (dueBehind(sql, lines, foremost, 1, times).length > 0) return true
  }
  return heldBy(sql, request.claimId, times.now).length > 0
}

/** Takes page by page: what was taken shows in the count of its lane when the next page is looked for. */
function takeFrom(
  sql: Sql,
  lines: readonly Line[],
  { claimId, limit }: ClaimRequest,
  taken: DueJob[],
  times: ClaimTimes,
): void {
  let after: Place | undefined = foremost
  while (after && taken.length < limit) {
    const size = limit - taken.length
    const page: DueJob[] = dueBehind(sql, lines, after, size, times)
    const jobs = withPlaces(page)
    take(sql, jobs, claimId, taken.length, times)
    taken.push(...jobs)
    after = page[size - 1]
  }
}

/** Of the jobs of one lane no more than it has places for. */
function withPlaces(page: readonly DueJob[]): DueJob[] {
  const used = new Map<string, number>()
  return page.filter(({ lane, places }) => {
    if (lane === null) return true
    const before = used.get(lane) ?? 0
    if (before >= places) return false
    used.set(lane, before + 1)
    return true
  })
}

function take(sql: Sql, jobs: readonly DueJob[], claimId: string, placesBefore: number, times: ClaimTimes) {
  if (jobs.length === 0) return
  const seqs = listOf(jobs.map(({ seq }) => seq))
  sql.run(takeSql, { ...times, seqs, claimId: toStorable(claimId), placesBefore })
}

function heldBy(sql: Sql, claimId: string, now: number): Job[] {
  return sql.rows<JobRow>(heldSql, [toStorable(claimId), now]).map(toJob)
}

const heldSql = `
  select ${jobColumns()} from {jobs}
  where state = 'running' and claim_id = ? and due_at > ? order by claim_place`
