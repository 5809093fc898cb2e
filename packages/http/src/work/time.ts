import { deadlineOf, type HandlerContext } from '../router/context.js'
import type { WorkRouteOptions } from './options.js'

type TimeOptions = Pick<WorkRouteOptions, 'maxDurationMs' | 'marginMs'>

/** Pure: until when an invocation works that began at `startedAt`. What is unknown is taken for short, never for endless. */
export function workUntil(
  context: HandlerContext,
  { maxDurationMs = 10_000, marginMs }: TimeOptions,
  startedAt: number,
): number {
  const deadline = Math.min(deadlineOf(context), knownOr(context, startedAt + maxDurationMs))
  const share = (deadline - startedAt) / 10
  return deadline - (marginMs ?? Math.min(5_000, Math.max(500, share)))
}

/** The configured time counts where the platform says nothing. */
function knownOr({ deadline }: HandlerContext, configured: number): number {
  return deadline === undefined ? configured : Number.POSITIVE_INFINITY
}
