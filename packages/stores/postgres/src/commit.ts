import type { Committed, Standing, Write } from '@longhaul/core/store'
import { isLast, patchStatement } from './patch.js'
import type { Sql } from './sql.js'
import { answerTo, type StandingRow, standingColumns, standingOf, toStanding } from './standing.js'

export interface Commits {
  readonly committed: readonly Committed[]
  /** Whether a place in a lane came free, or jobs were released that waited. */
  readonly makesWork: boolean
}

/** A write, and where its answer goes. */
interface Placed {
  readonly write: Write
  readonly index: number
}

/** One round trip where all writes are taken and no job has two of them. */
export async function commitWrites(sql: Sql, writes: readonly Write[]): Promise<Commits> {
  const committed: Committed[] = []
  let makesWork = false
  for (const round of roundsOf(writes)) {
    const { answers, makesWork: mayClaim } = await commitRound(sql, round)
    for (const [at, { index }] of round.entries()) committed[index] = answers[at] as Committed
    makesWork ||= mayClaim
  }
  return { committed, makesWork }
}

/** In each round a job has one write; all take their locks in the same order. */
function roundsOf(writes: readonly Write[]): Placed[][] {
  const rounds: Placed[][] = []
  const seen = new Map<string, number>()
  for (const [index, write] of writes.entries()) {
    const round = seen.get(write.id) ?? 0
    seen.set(write.id, round + 1)
    rounds[round] ??= []
    rounds[round].push({ write, index })
  }
  return rounds.map(round => round.sort((a, b) => (a.write.id < b.write.id ? -1 : 1)))
}

/** Answers by position, with none for what changed nothing. */
interface Round {
  readonly answers: readonly (Committed | undefined)[]
  /** Whether a job that was let go has a lane, or was waited for. */
  readonly makesWork: boolean
}

async function commitRound(sql: Sql, round: readonly Placed[]): Promise<Round> {
  const writes = round.map(({ write }) => write)
  const { answers, makesWork } = await (writes.every(isLast) ? endJobs(sql, writes) : patchJobs(sql, writes))
  const others = writes.filter((_, at) => !answers[at])
  if (others.length === 0) return { answers, makesWork }
  const left = await standingOf(sql, others)
  return {
    answers: writes.map((write, at) => answers[at] ?? answerTo(write, left)),
    makesWork: makesWork || left.released || [...left.rows.values()].some(row => row.laned),
  }
}

/** How an end stands is known but for the time: only what was not taken has to be told. */
async function endJobs(sql: Sql, writes: readonly Write[]): Promise<Round> {
  const { text, values } = patchStatement(writes, endedSql)
  const [row] = await sql.all<EndedRow>(text, values)
  const { now, places, laned } = row as EndedRow
  const taken = places === null ? undefined : new Set(JSON.parse(places) as number[])
  const answers = writes.map((write, at) =>
    !taken || taken.has(at + 1) ? { accepted: true, job: ended(write, Number(now)) } : undefined,
  )
  return { answers, makesWork: laned === true }
}

function ended({ token, patch: { state, delayMs = 0 } }: Write, now: number): Standing {
  return {
    state: state as Standing['state'],
    token,
    wish: null,
    dueAt: now + Math.ceil(delayMs),
    endedAt: now,
  }
}

interface EndedRow {
  readonly now: string
  readonly laned: boolean | null
  /** JSON, `null` where all were taken. */
  readonly places: string | null
}

const endedSql = `
  select (select now from clock) as now, bool_or(lane is not null) as laned,
    case when count(*) < @write_rows::integer then coalesce(json_agg(place), '[]')::text end as places
  from patched`

async function patchJobs(sql: Sql, writes: readonly Write[]): Promise<Round> {
  const { text, values } = patchStatement(writes, `select place, ${standingColumns} from patched`)
  const rows = await sql.all<StandingRow & { place: string }>(text, values)
  const answers: Committed[] = []
  for (const row of rows) answers[Number(row.place) - 1] = { accepted: true, job: toStanding(row) }
  const isLaned = (row: (typeof rows)[number]) =>
    row.laned && writes[Number(row.place) - 1]?.patch.state !== undefined
  return { answers, makesWork: rows.some(isLaned) }
}
