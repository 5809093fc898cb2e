import {
  type After,
  blockedBy,
  freshJob,
  isEnded,
  type Job,
  type JobState,
  type NewJob,
  satisfies,
  toStorable,
  unknownJob,
} from '@longhaul/core/store'
import { alreadyThere, insertJob } from './new-row.js'
import type { Sql } from './sql.js'

/** A stored job that another one waits for. */
interface Awaited {
  readonly seq: number
  readonly state: JobState
}

/** Adds jobs of which some wait for others: each may wait for those before it. @throws {StoreError} `unknown_job` */
export function insertInOrder(sql: Sql, jobs: readonly NewJob[], now: number): Job[] {
  const answers = new Map<string, string>()
  return jobs.map(job => {
    const stored = insertAfter(sql, job, answers, now)
    answers.set(job.id, stored.id)
    return stored
  })
}

function insertAfter(sql: Sql, job: NewJob, answers: ReadonlyMap<string, string>, now: number): Job {
  const fresh = freshJob(job, now)
  const { after } = job
  if (!after) return insertJob(sql, fresh)
  return alreadyThere(sql, fresh) ?? insertBlocked(sql, fresh, after, answers)
}

function insertBlocked(sql: Sql, fresh: Job, after: After, answers: ReadonlyMap<string, string>): Job {
  const awaited = awaitedBy(sql, fresh, after, answers)
  const stored = insertJob(sql, blockedBy(fresh, awaited.length, awaited.some(hasEnded)))
  const id = toStorable(fresh.id)
  for (const { seq } of awaited) sql.run(edgeSql, { awaited: seq, id, outcome: after.outcome })
  return stored
}

/** Whom it has to wait for yet, or does in vain. */
function awaitedBy(
  sql: Sql,
  job: Job,
  { ids, outcome }: After,
  answers: ReadonlyMap<string, string>,
): Awaited[] {
  const found = new Map<number, Awaited>()
  for (const id of ids) {
    const awaited = sql.get<Awaited>(awaitedSql, { id: toStorable(answers.get(id) ?? id) })
    if (!awaited) throw unknownJob('sqlite', job.id, id)
    found.set(awaited.seq, awaited)
  }
  return [...found.values()].filter(({ state }) => !satisfies(state, outcome))
}

function hasEnded({ state }: Awaited): boolean {
  return isEnded(state)
}

const awaitedSql = 'select seq, state from {jobs} where id = @id'

const edgeSql = `
  insert into {edges} (awaited, job, outcome) select @awaited, seq, @outcome from {jobs} where id = @id`
