import type { ClaimLine, Fault, LedgerLine, Limits, Violation } from '../evidence.js'
import { overlap, type Span, whoWasFree } from './free-workers.js'
import type { JobHistory } from './history.js'

export interface TakeOver {
  /** How many were measured. */
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly boundMs: number
  readonly violations: readonly Violation[]
}

/**
 * How long jobs of a killed or paused worker waited for the next one. Left out: jobs in a lane, which wait for a
 * place too; claims whose line a second kill took away; and times in which the store did not answer, or nobody with
 * a free slot was at work when the lease ended.
 */
export function auditTakeOver(
  histories: readonly JobHistory[],
  faults: readonly Fault[],
  lines: readonly LedgerLine[],
  limits: Limits,
): TakeOver {
  const outages = outagesOf(faults, lines, limits)
  const someoneWasFree = whoWasFree(lines, faults, limits)
  const delays = histories
    .flatMap(history => waitsOf(history, faults))
    .filter(wait => !outages.some(outage => overlap(outage, wait)))
    .filter(({ at, until }) => until <= at + limits.leaseMs || someoneWasFree(at + limits.leaseMs, until))
    .map(({ at, until }) => until - at)
    .toSorted((a, b) => a - b)
  return judged(delays, limits)
}

function judged(delays: readonly number[], { leaseMs, pollMs }: Limits): TakeOver {
  const boundMs = leaseMs + pollMs + 1_000
  const [p50Ms, p99Ms] = [percentile(delays, 0.5), percentile(delays, 0.99)]
  const detail = `99 % of ${delays.length} within ${p99Ms} ms, above ${boundMs} ms`
  const violations: Violation[] = p99Ms > boundMs ? [{ kind: 'slow take-over', detail }] : []
  return { count: delays.length, p50Ms, p99Ms, boundMs, violations }
}

/**
 * The server was down, or a paused worker kept all others from writing, as it can with a file: then nobody's write
 * was answered for a good while.
 */
function outagesOf(
  faults: readonly Fault[],
  lines: readonly LedgerLine[],
  { leaseMs }: Limits,
): readonly Span[] {
  const answered = lines.flatMap(({ type, at }) => (type === 'commit' ? [at] : [])).toSorted((a, b) => a - b)
  const gaps = answered.map((until, index) => ({ at: answered[index - 1] ?? until, until }))
  const silences = gaps.filter(({ at, until }) => until - at > leaseMs / 3)
  const pauses = faults.filter(({ kind }) => kind === 'pause')
  return [
    ...faults.filter(({ kind }) => kind === 'server'),
    ...silences.filter(silence => pauses.some(pause => overlap(pause, silence))),
  ]
}

function waitsOf(history: JobHistory, faults: readonly Fault[]): readonly Span[] {
  if (history.enqueued?.lane) return []
  return history.claims.flatMap((claim, index) => {
    const next = history.claims[index + 1]
    if (next?.token !== claim.token + 1) return []
    const fault = faults.find(each => hits(each, claim, next, history))
    return fault ? [{ at: fault.at, until: next.at }] : []
  })
}

/** Whether the fault met the owner while it held the job. */
function hits(fault: Fault, claim: ClaimLine, next: ClaimLine, { commits }: JobHistory): boolean {
  if (fault.kind !== 'kill' && fault.kind !== 'pause') return false
  if (fault.worker !== claim.worker || fault.at < claim.at || fault.at > next.at) return false
  return !commits.some(
    ({ token, state, answer }) => token === claim.token && state !== undefined && answer === 'accepted',
  )
}

/** By nearest rank; 0 of nothing. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}
