import { type Job, type NewJob, toStorable, unknownJob } from '@longhaul/core/store'
import { insertSql } from './new-row.js'
import { recordset } from './recordset.js'
import { cancelInVainSql, orderLock } from './release.js'
import { type JobRow, kept, newColumns, toJob } from './rows.js'
import { isAmong, type Sql } from './sql.js'
import { byIdOrKey, storedAsSql } from './stored-as.js'

/** A job that waits, for one other. */
interface Edge {
  readonly job: NewJob
  readonly awaited: string
  /** Where that one stands in the same call: the job that is the answer to it may have another id. */
  readonly earlier: NewJob | undefined
}

/**
 * Adds jobs of which some wait for others, in one transaction. Whoever is waited for is locked first, so that it can't
 * end, or be pruned, unseen.
 *
 * @throws {StoreError} `unknown_job`
 */
export async function insertInOrder(sql: Sql, jobs: readonly NewJob[]): Promise<Job[]> {
  const edges = edgesOf(jobs)
  const stored = await addInOrder(sql, jobs, edges)
  if (stored.length === jobs.length) return stored
  return insertInOrder(sql, await withoutKnown(sql, jobs, edges))
}

/** An id that comes twice in a call is one job, which waits as the first says. */
function edgesOf(jobs: readonly NewJob[]): Edge[] {
  const earlier = new Map<string, NewJob>()
  return jobs.flatMap(job => {
    const ids = earlier.has(job.id) ? [] : job.after?.ids
    const edges = [...new Set(ids)].map(awaited => ({
      job,
      awaited,
      earlier: earlier.get(awaited),
    }))
    earlier.set(job.id, job)
    return edges
  })
}

/** Answers with fewer where someone waits for a job that is not there: then nothing was added. */
async function addInOrder(sql: Sql, jobs: readonly NewJob[], edges: readonly Edge[]): Promise<Job[]> {
  const fresh = recordset('new', { ...newColumns, blocked }, jobs)
  const links = recordset('edge', edgeColumns, edges)
  const wanted = storedAsSql(jobs)
  const outside = [
    ...new Set(edges.flatMap(({ earlier, awaited }) => (earlier ? [] : [toStorable(awaited)]))),
  ]
  const steps = [
    markSql,
    addSql(fresh.sql),
    markKeyedSql(links.sql),
    edgesSql(links.sql),
    cancelInVainSql,
    standSql,
    wanted.sql,
  ]
  const rows = await sql.behind<JobRow>(orderLock, steps.join(';\n'), {
    ...fresh.values,
    ...links.values,
    ...wanted.values,
    outside,
    outsiders: outside.length,
    ids: jobs.map(({ id }) => toStorable(id)),
  })
  return rows.map(toJob)
}

/** What a job that is there already would wait for is not looked at. @throws {StoreError} `unknown_job` */
async function withoutKnown(sql: Sql, jobs: readonly NewJob[], edges: readonly Edge[]): Promise<NewJob[]> {
  const ids = [...jobs.map(({ id }) => id), ...edges.map(({ awaited }) => awaited)].map(toStorable)
  const wanted = storedAsSql(jobs)
  const there = await sql.all<JobRow & { place: string }>(wanted.sql, wanted.values)
  const found = await sql.all<{ id: string }>(`select id from {jobs} where ${isAmong('id', 'ids')}`, { ids })
  const known = new Set(found.map(({ id }) => id))
  const isThere = new Set(there.map(({ place }) => jobs[Number(place) - 1]))
  const unknown = edges.find(
    ({ job, awaited, earlier }) => !isThere.has(job) && !earlier && !known.has(toStorable(awaited)),
  )
  if (unknown) throw unknownJob('postgres', unknown.job.id, unknown.awaited)
  return jobs.map(job => (isThere.has(job) ? withoutAfter(job) : job))
}

function withoutAfter({ after: _, ...job }: NewJob): NewJob {
  return job
}

const blocked = { type: 'integer', of: ({ after }: NewJob) => (after && after.ids.length > 0 ? 1 : 0) }

const edgeColumns = {
  job: { type: 'text', of: ({ job }: Edge) => toStorable(job.id) },
  outcome: { type: 'text', of: ({ job }: Edge) => job.after?.outcome },
  awaited: { type: 'text', of: ({ awaited }: Edge) => toStorable(awaited) },
  processor: { type: 'text', of: ({ earlier }: Edge) => (earlier ? toStorable(earlier.processor) : null) },
  key: { type: 'text', of: ({ earlier }: Edge) => kept(earlier?.key ?? null) },
  tenant: { type: 'text', of: ({ earlier }: Edge) => kept(earlier?.tenant ?? null) },
}

/** In their order, as all who lock several jobs do. */
const markSql = `
  update {jobs} set awaited = ended_at is null
  where seq in (select seq from {jobs} where ${isAmong('id', 'outside')} order by id for update)`

/** Until it is known for how many they wait, a number below zero marks the jobs that are new. */
const addSql = (jobs: string) =>
  insertSql(
    `(select fresh.*, {now} as now from (${jobs}) as fresh
      where (select count(*) from {jobs} where ${isAmong('id', 'outside')}) = @outsiders::integer) as new`,
    'order by place',
    { state: "case when blocked = 1 then 'blocked' else 'waiting' end", waitsFor: '0 - blocked' },
  )

/** Whom an edge names: the job with that id, or else the one that had the key of a job of this call before. */
const awaitedSql = `lateral (${byIdOrKey('edge', 'edge.awaited')}) as awaited`

const markKeyedSql = (edges: string) => `
  with edge as (${edges})
  update {jobs} set awaited = ended_at is null
  where seq in (select awaited.seq from edge join ${awaitedSql} on true where edge.key is not null)`

/** Satisfied waits leave no edge. */
const edgesSql = (edges: string) => `
  with edge as (${edges})
  insert into {edges} (awaited, job, outcome)
  select distinct awaited.seq, job.seq, edge.outcome
  from edge join {jobs} as job on job.id = edge.job and job.waits_for = -1
    join ${awaitedSql} on true
  where awaited.state not in ('completed', 'completed_with_errors')
    and not (edge.outcome = 'ended' and awaited.state in ('failed', 'cancelled'))`

/** In one step: how long each waits, and that those of the call are awaited too. */
const standSql = `
  update {jobs} as job set
    awaited = job.ended_at is null and is_awaited,
    waits_for = case when waits_for < 0 then waits else waits_for end,
    state = case when waits_for < 0 and waits = 0 then 'waiting' else state end
  from (
    select seq, (select count(*) from {edges} where job = seq)::integer as waits,
      exists (select from {edges} as edge where edge.awaited = seq) as is_awaited
    from {jobs} where ${isAmong('id', 'ids')}) as told
  where job.seq = told.seq and (waits_for < 0 or is_awaited)`
