import type { WorkizJob, WorkizRecord } from '../client/types.js'
import { makeJob, teamMember, wallTime } from './jobs.js'
import type { GoneAs } from './profile.js'

/** An account as Workiz has it, and a copy of it that has fallen behind. */
export interface WorkizData {
  readonly jobs: readonly WorkizJob[]
  /** The copy: put it into your store before a sync. */
  readonly local: readonly WorkizJob[]
  /** How single missing jobs are answered, where not as the profile says. */
  readonly goneAs: Readonly<Record<string, GoneAs>>
  readonly leads: readonly WorkizRecord[]
  readonly team: readonly WorkizRecord[]
  readonly timeOff: readonly WorkizRecord[]
}

export interface DataShape {
  /** How many jobs Workiz has. */
  readonly jobs: number
  /** Wall clock time of the latest. @defaultValue '2026-01-25 09:00:00' */
  readonly newest?: string
  /** From one job to the next older one. @defaultValue 21_600_000, six hours */
  readonly everyMs?: number
  /** How many rows of the copy are as Workiz has them, older, deleted at Workiz, or a year and more past. */
  readonly local: {
    readonly same: number
    readonly stale: number
    readonly gone: number
    readonly expired: number
  }
  /** The last few of the deleted ones answer 404, whatever the profile says. @defaultValue 0 */
  readonly goneAs404?: number
}

/** The account of the tests: at 2026-01-15T12:00:00Z, in Los Angeles, with 257 jobs and a copy of 240 rows. */
export function w1(): WorkizData {
  return makeData({ jobs: 257, local: { same: 200, stale: 25, gone: 12, expired: 3 }, goneAs404: 2 })
}

/** Made-up data of any size, always the same for the same shape. UUIDs begin with W, those gone with G, expired with R. */
export function makeData(shape: DataShape): WorkizData {
  const { jobs, newest = '2026-01-25 09:00:00', everyMs = 21_600_000, local, goneAs404 = 0 } = shape
  const start = Date.parse(`${newest.replace(' ', 'T')}Z`)
  const remote = range(jobs).map(i => makeJob(uuid('W', i), i, start - (i - 1) * everyMs))
  const gone = range(local.gone).map(i => makeJob(uuid('G', i), 90_000 + i, start - i * everyMs))
  const expired = range(local.expired).map(i =>
    makeJob(uuid('R', i), 95_000 + i, start - (400 + i) * 86_400_000),
  )
  const kept = remote.slice(0, local.same + local.stale)

  return {
    jobs: remote,
    local: [...kept.map((job, index) => (index < local.same ? job : older(job))), ...gone, ...expired],
    goneAs: Object.fromEntries(gone.slice(local.gone - goneAs404).map(job => [job.UUID, 404])),
    leads: range(5).map(makeLead),
    team: range(3).map(i => ({
      ...teamMember(i - 1),
      role: 'tech',
      active: true,
      fieldTech: true,
      skills: [],
    })),
    timeOff: [{ start: wallTime(start), end: wallTime(start + 86_400_000), userName: 'Sam Reed' }],
  }
}

function older(job: WorkizJob): WorkizJob {
  return { ...job, Status: 'Submitted', LastStatusUpdate: '2025-11-01 08:00:00' }
}

/** Leads have strings where jobs have numbers. */
function makeLead(number: number): WorkizRecord {
  return {
    UUID: uuid('L', number),
    SerialId: String(number),
    Status: 'Submitted',
    ClientId: String(2_000 + number),
  }
}

function uuid(letter: string, number: number): string {
  return letter + String(number).padStart(5, '0')
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1)
}
