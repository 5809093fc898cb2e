import { type ClaimRequest, type Job, toStorable } from '@longhaul/core/store'
import { type DueJob, dueBehind, foremost, type Line, linesByRank, type Place } from './due.js'
import { type JobRow, toJob } from './rows.js'
import { listOf, type Sql } from './sql.js'

export function claimJobs(sql: Sql, request: ClaimRequest): Job[] {
  const now = sql.now()
  const repeated = heldBy(sql, request.claimId, now)
  if (repeated.length > 0) return repeated

  let taken = 0
  for (const lines of linesByRank(sql, request)) {
    taken = takeFrom(sql, lines, request, taken, now)
    if (taken === request.limit) break
  }
  return taken > 0 ? heldBy(sql, request.claimId, now) : []
}

/** Whether a claim would find anything, without the lock that only one process can hold. */
export function mayClaim(sql: Sql, request: ClaimRequest): boolean {
  const now = sql.now()
  for (const lines of linesByRank(sql, request)) {
    if (dueBehind(sql, lines, foremost, 1, now).length > 0) return true
  }
  return heldBy(sql, request.claimId, now).length > 0
}

/** Takes page by page: what was taken shows in the count of its lane when the next page is looked for. */
function takeFrom(
  sql: Sql,
  lines: readonly Line[],
  request: ClaimRequest,
  taken: number,
  now: number,
): number {
  let all = taken
  let after: Place | undefined = foremost
  while (after && all < request.limit) {
    const size = request.limit - all
    const page: DueJob[] = dueBehind(sql, lines, after, size, now)
    all += take(sql, withPlaces(page), request, all, now)
    after = page[size - 1]
  }
  return all
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

function take(
  sql: Sql,
  jobs: readonly DueJob[],
  { claimId, leaseMs }: ClaimRequest,
  placesBefore: number,
  now: number,
): number {
  if (jobs.length === 0) return 0
  const seqs = listOf(jobs.map(({ seq }) => seq))
  return sql.run(takeSql, { seqs, claimId: toStorable(claimId), placesBefore, now, leaseEnd: now + leaseMs })
}

function heldBy(sql: Sql, claimId: string, now: number): Job[] {
  return sql.all<JobRow>(heldSql, [toStorable(claimId), now]).map(toJob)
}

const takeSql = `
  update {jobs} set
    state = 'running', token = token + 1, write_seq = 0, due_at = @leaseEnd,
    claim_id = @claimId, claim_place = @placesBefore + chosen.key,
    crashes = crashes + (state = 'running'), started_at = ifnull(started_at, @now)
  from json_each(@seqs) as chosen
  where seq = chosen.value`

const heldSql = `
  select * from {jobs} where state = 'running' and claim_id = ? and due_at > ? order by claim_place`
