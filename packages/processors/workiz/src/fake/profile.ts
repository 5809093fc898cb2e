import type { WorkizJob } from '../client/types.js'

/** How a job that does not exist is answered. */
export type GoneAs = 204 | 404 | 'empty-array' | 'flag-false'

/** What is known to differ between accounts, or between what is published and what is observed. */
export interface WorkizProfile {
  readonly envelope: 'observed' | 'published'
  readonly offsetMode: 'record' | 'page'
  readonly goneAs: GoneAs
  readonly teamIdCase: 'id' | 'ID'
  /** Every n-th job lacks its costs; 0 for none. */
  readonly omitCosts: number
  /** Every n-th job has a number as its `Unit`. */
  readonly unitAsNumber: number
  /** Every n-th job has a list as its `Comments`. */
  readonly commentsAsArray: number
  /** How far a list without `start_date` goes back. */
  readonly startDateDefaultDays: number
  /** Whether lists leave out jobs of later days. */
  readonly upperBoundToday: boolean
  readonly timeZone: string
}

export const defaultProfile: WorkizProfile = {
  envelope: 'observed',
  offsetMode: 'record',
  goneAs: 204,
  teamIdCase: 'id',
  omitCosts: 7,
  unitAsNumber: 11,
  commentsAsArray: 13,
  startDateDefaultDays: 14,
  upperBoundToday: false,
  timeZone: 'America/Los_Angeles',
}

/** The job with the oddities that the profile gives to every n-th one. */
export function withOddities(job: WorkizJob, profile: WorkizProfile): WorkizJob {
  const every = (n: number) => n > 0 && Number(job.SerialId) % n === 0
  const { item_cost, tech_cost, ...costless } = job
  return {
    ...(every(profile.omitCosts) ? costless : job),
    ...(every(profile.unitAsNumber) && { Unit: Number(job.SerialId) }),
    ...(every(profile.commentsAsArray) && { Comments: [{ comment: job.Comments }] }),
    Team: renameIds(job.Team, profile),
  }
}

function renameIds(team: unknown, { teamIdCase }: WorkizProfile): unknown {
  if (!Array.isArray(team)) return team
  return team.map(({ id, ...member }: Record<string, unknown>) => ({ [teamIdCase]: id, ...member }))
}
