import { type Eta, estimateShare, type Shares, shareOf } from '../progress/index.js'
import { type Counts, isEnded, type JobHead, type JobState, type Progress } from '../store/index.js'
import { groupState, tallyOf } from './state.js'

/** A group as it is shown. Instants are ISO 8601 in UTC. */
export interface GroupView {
  readonly id: string
  readonly state: JobState
  readonly jobs: {
    readonly total: number
    /** However they ended. */
    readonly ended: number
    readonly states: Readonly<Record<JobState, number>>
  }
  /** From 0 to 100: every job counts the same, one under way by what it has done of its total. */
  readonly percent: number
  /** Added up over the jobs; `total` knows only those that have begun. */
  readonly items: Omit<Progress, 'total'> & { readonly total: number }
  /** `null` while unknown, and for a group that is paused or ended. */
  readonly eta: Eta | null
  /** The first start of a job of it. */
  readonly startedAt: string | null
}

/** `undefined` for a group of which no job is kept. */
export function viewGroup(
  id: string,
  counts: Counts,
  underWay: readonly JobHead[],
  now: number,
): GroupView | undefined {
  const jobs = { ...tallyOf(counts.states), states: counts.states }
  if (jobs.total === 0) return undefined
  const state = groupState(counts.states)
  const shares = { ...jobs, underWay: underWay.flatMap(shareOfJob) }
  return {
    id,
    state,
    jobs,
    percent: shareOf(shares) * 100,
    items: counts.progress,
    eta: isEnded(state) || state === 'paused' ? null : etaOf(shares, counts.startedAt, now),
    startedAt: counts.startedAt === null ? null : new Date(counts.startedAt).toISOString(),
  }
}

function shareOfJob({ progress: { done, total } }: JobHead): number[] {
  return total === null || total === 0 ? [] : [Math.min(1, done / total)]
}

function etaOf(shares: Shares, startedAt: number | null, now: number): Eta | null {
  return startedAt === null ? null : estimateShare(shares, now - startedAt)
}
