/**
 * What is remembered of a job's pace between two checkpoints: JSON, a dozen numbers. It is all that an estimate
 * needs, so it lives with the job and survives any process. The sums fade: `items` and `workMs` soon, for the rate
 * of work; the others late, for the share of the time in which there is work at all.
 */
export interface EtaState {
  /** The last observation: epoch milliseconds, and how many items were done. */
  readonly at: number
  readonly done: number
  /** Since the first observation, without what is left out. */
  readonly ageMs: number
  readonly seen: number
  readonly items: number
  readonly workMs: number
  readonly busyMs: number
  readonly idleMs: number
  readonly steps: number
  /** Squares of the errors, in ms, that the estimate made from step to step. */
  readonly errors: number
}

/** A stretch of time that ends now. */
export interface Observation {
  /** Items done so far, in all. */
  readonly done: number
  /** Epoch milliseconds. */
  readonly now: number
  /**
   * What the time since the last observation was. `waiting` (a closed gate, a hand-over, a queue) will come again
   * and counts; `paused` (by a person) and `down` (a crash, until someone took over) are left out.
   *
   * @defaultValue 'working'
   */
  readonly spent?: 'working' | 'waiting' | 'paused' | 'down'
}

/**
 * Whole milliseconds, `0 ≤ lowMs ≤ remainingMs ≤ highMs`. As long as the pace stays what it was, about four of five
 * jobs end between low and high.
 */
export interface Eta {
  readonly remainingMs: number
  readonly lowMs: number
  readonly highMs: number
}

/** Before this much was seen, nothing is said. */
const leastItems = 5
const leastMs = 1_000

/** Half-lives, as a share of the age of the job: the longer it runs, the more steadily it is judged. */
const workMemory = { share: 0.15, leastMs: 30_000 }
const dutyMemory = { share: 0.5, leastMs: 300_000 }

/** A normal distribution has a tenth beyond this many standard deviations, on either side. */
const tenth = 1.2816
/** No estimate says more than a hundred years. */
const mostMs = 100 * 365.25 * 86_400_000

/** Takes in a checkpoint. Pure; any numbers will do, also a clock or a count that went back. */
export function observe(state: EtaState | null, { done, now, spent = 'working' }: Observation): EtaState {
  const at = within(now, 0, 8.64e15) ?? state?.at ?? 0
  const count = within(done, 0, Number.MAX_SAFE_INTEGER) ?? state?.done ?? 0
  if (!state) return { ...nothingSeen, at, done: count }

  const next = { ...state, at, done: count }
  if (spent === 'paused' || spent === 'down') return next
  const elapsedMs = Math.max(0, at - state.at)
  const gained = Math.max(0, count - state.done)
  return spent === 'working' ? grown(next, gained, elapsedMs, 0) : grown(next, gained, 0, elapsedMs)
}

/** How long the rest will take, as far as can be known; `null` while it can't. */
export function estimate(
  state: EtaState | null,
  { done, total, now }: { readonly done: number; readonly total: number | null; readonly now: number },
): Eta | null {
  const known = within(total, 0, Number.MAX_SAFE_INTEGER)
  const count = within(done, 0, Number.MAX_SAFE_INTEGER)
  if (known === undefined || count === undefined) return null
  if (count >= known) return { remainingMs: 0, lowMs: 0, highMs: 0 }
  if (!state || state.seen < leastItems || state.ageMs < leastMs) return null

  const wholeMs = (known - count) * msPerItem(state)
  const elapsedMs = count > state.done ? 0 : sinceStep(state, now)
  return ranged(Math.max(0, wholeMs - elapsedMs), spreadMs(state, wholeMs))
}

const nothingSeen = {
  ageMs: 0,
  seen: 0,
  items: 0,
  workMs: 0,
  busyMs: 0,
  idleMs: 0,
  steps: 0,
  errors: 0,
}

function grown(state: EtaState, gained: number, workMs: number, idleMs: number): EtaState {
  const elapsedMs = workMs + idleMs
  const work = fading(workMs, state.ageMs, workMemory)
  const duty = fading(elapsedMs, state.ageMs, dutyMemory)
  const error = state.items > 0 ? elapsedMs - gained * msPerItem(state) : 0
  return {
    ...state,
    ageMs: state.ageMs + elapsedMs,
    seen: state.seen + gained,
    items: work(state.items, gained),
    workMs: work(state.workMs, workMs),
    busyMs: duty(state.busyMs, workMs),
    idleMs: duty(state.idleMs, idleMs),
    steps: duty(state.steps, 1),
    errors: duty(state.errors, error ** 2),
  }
}

/**
 * Adds to a sum that fades with time, not with the number of steps. What came in evenly over a step has itself
 * faded a little by its end, so that one long step counts as many short ones do.
 */
function fading(stepMs: number, ageMs: number, memory: { share: number; leastMs: number }) {
  const halfLifeMs = Math.max(memory.leastMs, (ageMs + stepMs) * memory.share)
  const keep = 0.5 ** (stepMs / halfLifeMs)
  const add = stepMs > 0 ? ((1 - keep) * halfLifeMs) / (Math.LN2 * stepMs) : 1
  return (sum: number, more: number) => sum * keep + more * add
}

/** Time on the wall: the work for one item, and its share of the waiting. */
function msPerItem({ items, workMs, busyMs, idleMs }: EtaState): number {
  if (items === 0) return mostMs
  return Math.min(mostMs, (workMs / items) * (1 + idleMs / Math.max(1, busyMs)))
}

/** Time since the last step is part of what was left then; more than a usual step is a delay. */
function sinceStep(state: EtaState, now: number): number {
  const usualMs = (state.busyMs + state.idleMs) / Math.max(1, state.steps)
  return Math.min(usualMs, Math.max(0, (within(now, 0, 8.64e15) ?? state.at) - state.at))
}

/**
 * One standard deviation of what is left, as of a straight line fitted to independent steps: the noise of the
 * rest itself, and that of the pace, which was measured over a limited time.
 */
function spreadMs({ busyMs, idleMs, workMs, errors }: EtaState, restMs: number): number {
  const noise = (errors * restMs) / Math.max(1, busyMs + idleMs)
  return Math.sqrt(noise * (1 + restMs / Math.max(1, workMs)))
}

/** With one standard deviation of what is left. */
export function ranged(restMs: number, deviationMs: number): Eta {
  const remainingMs = Math.round(Math.min(restMs, mostMs))
  const lowMs = Math.max(0, Math.floor(remainingMs - tenth * deviationMs))
  const highMs = Math.ceil(Math.min(remainingMs + tenth * deviationMs, mostMs))
  return { remainingMs, lowMs, highMs }
}

function within(value: number | null, least: number, most: number): number | undefined {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, Number(value))) : undefined
}
