import {
  type Counts,
  type Job,
  type JobFilter,
  type JobHead,
  type JobPage,
  type JobState,
  type Page,
  toStorable,
} from '@longhaul/core/store'
import type { Connection } from './connection.js'
import { frame } from './frames.js'
import { headsIn, jobsIn, placeIn, type Rows } from './rows.js'
import { sumScript, tallyScript } from './scripts/count.js'
import { getScript, listScript } from './scripts/queries.js'
import { everyState, letterOf } from './states.js'
import { setOf, walk } from './walk.js'

export async function getJob({ run }: Connection, id: string): Promise<Job | undefined> {
  const [job] = jobsIn((await run(getScript, [1, toStorable(id)])) as Rows)
  return job
}

/** Finds one job more than asked, to know whether there is a next page. */
export async function listJobs(
  connection: Connection,
  filter: JobFilter,
  { limit, after = '' }: Page,
): Promise<JobPage> {
  const places: string[] = []
  const jobs: JobHead[] = []
  const finds = limit + 1
  for await (const [, heads] of walk<[string, Rows]>(connection, listScript, filter, { after, finds })) {
    jobs.push(...headsIn(heads))
    places.push(...heads[0].map(placeIn))
    if (jobs.length > limit) return { jobs: jobs.slice(0, limit), next: places[limit - 1] ?? null }
  }
  return { jobs, next: null }
}

export async function countJobs(connection: Connection, filter: JobFilter): Promise<Counts> {
  return (await countByTallies(connection, filter)) ?? (await countOneByOne(connection, filter))
}

type Sums = Record<string, number>

/** Where the filter knows only states, processors and queues. */
async function countByTallies({ run }: Connection, filter: JobFilter): Promise<Counts | undefined> {
  const { states, processors, queues, ...rest } = filter
  if (Object.values(rest).some(wanted => wanted !== undefined)) return undefined
  const args = [...setOf(states, letterOf), ...setOf(processors, frame), ...setOf(queues, frame)]
  const [list, dueIn] = (await run(tallyScript, args)) as [string[], string]
  return dueIn === '?' ? undefined : countsFrom(sumsIn(list), dueIn === '' ? null : Number(dueIn), null)
}

async function countOneByOne(connection: Connection, filter: JobFilter): Promise<Counts> {
  const sums: Sums = {}
  let dueInMs: number | null = null
  let startedAt: number | null = null
  for await (const [, list, dueIn, started] of walk<SumAnswer>(connection, sumScript, filter)) {
    for (const [name, number] of Object.entries(sumsIn(list))) sums[name] = (sums[name] ?? 0) + number
    dueInMs = smaller(dueInMs, dueIn)
    startedAt = smaller(startedAt, started)
  }
  return countsFrom(sums, dueInMs, filter.group === undefined ? null : startedAt)
}

type SumAnswer = [behind: string, sums: string[], dueIn: string, startedAt: string]

function smaller(before: number | null, found: string): number | null {
  if (found === '') return before
  return Math.min(before ?? Number.POSITIVE_INFINITY, Number(found))
}

function sumsIn(list: readonly string[]): Sums {
  const sums: Sums = {}
  for (let place = 0; place < list.length; place += 2) sums[list[place] as string] = Number(list[place + 1])
  return sums
}

function countsFrom(sums: Sums, dueInMs: number | null, startedAt: number | null): Counts {
  const states = everyState.map(state => [state, sums[`n${letterOf(state)}`] ?? 0])
  return {
    states: Object.fromEntries(states) as Record<JobState, number>,
    progress: { done: sums.d ?? 0, failed: sums.f ?? 0, skipped: sums.s ?? 0, total: sums.t ?? 0 },
    dueInMs,
    startedAt,
  }
}
