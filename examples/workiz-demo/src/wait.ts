import type { ClosedBecause, GateView, JobView } from '@longhaul/core'
import type { Wait } from './live-line.js'

/** Calls that are only spaced are no wait worth telling of. */
const words: Record<ClosedBecause, string | null> = {
  paused: 'paused',
  too_many_requests: '429',
  no_quota_left: 'quota used up',
  breaker: 'API down',
  pause_after: 'rests',
  window: null,
  spacing: null,
}

/**
 * Pure: why nothing moves, if nothing does.
 *
 * @param ours Whether this process has begun the job.
 */
export function waitOf(job: JobView, gate: GateView | undefined, ours: boolean, now: number): Wait | null {
  const dueInMs = Date.parse(job.dueAt) - now
  if (job.state === 'running' && !ours && dueInMs > 0)
    return { what: 'waits', ms: dueInMs, reason: 'lease of the killed run' }
  const reason = gate?.because ? words[gate.because] : null
  const closedMs = Math.max(opensInMs(gate, now), job.state === 'waiting' ? dueInMs : 0)
  return reason !== null && closedMs > 0 ? { what: 'gate closed', ms: closedMs, reason } : null
}

function opensInMs(gate: GateView | undefined, now: number): number {
  return gate?.opensAt ? Date.parse(gate.opensAt) - now : 0
}
