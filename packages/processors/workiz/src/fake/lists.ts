import type { WorkizJob } from '../client/types.js'
import { wallClock } from '../sync/wall-clock.js'
import type { WorkizProfile } from './profile.js'

const dayMs = 86_400_000

export interface Listed {
  readonly data: readonly WorkizJob[]
  readonly has_more: boolean
  readonly found: number
}

/** One page of `job/all` for this query. */
export function listJobs(
  jobs: Iterable<WorkizJob>,
  search: URLSearchParams,
  profile: WorkizProfile,
  nowMs: number,
): Listed {
  const matching = [...jobs].filter(filterOf(search, profile, nowMs)).sort(latestFirst)
  const size = Math.min(Math.max(numberOf(search, 'records', 100), 1), 100)
  const offset = numberOf(search, 'offset', 0)
  const start = profile.offsetMode === 'page' ? offset * size : offset
  const data = matching.slice(start, start + size)
  return { data, has_more: start + data.length < matching.length, found: matching.length }
}

function filterOf(
  search: URLSearchParams,
  profile: WorkizProfile,
  nowMs: number,
): (job: WorkizJob) => boolean {
  const { dateAt } = wallClock(profile.timeZone)
  const from = search.get('start_date') ?? dateAt(nowMs - profile.startDateDefaultDays * dayMs)
  const until = profile.upperBoundToday ? dateAt(nowMs) : '9999'
  const onlyOpen = search.get('only_open') !== 'false'
  const statuses = search.getAll('status')

  return ({ JobDateTime = '', Status = '' }) => {
    const day = JobDateTime.slice(0, 10)
    const open = Status !== 'Done' && Status !== 'Canceled'
    return (
      day >= from && day <= until && (open || !onlyOpen) && (!statuses.length || statuses.includes(Status))
    )
  }
}

function latestFirst(a: WorkizJob, b: WorkizJob): number {
  return String(b.JobDateTime).localeCompare(String(a.JobDateTime)) || a.UUID.localeCompare(b.UUID)
}

function numberOf(search: URLSearchParams, name: string, fallback: number): number {
  const number = Number(search.get(name) ?? fallback)
  return Number.isInteger(number) && number >= 0 ? number : fallback
}
