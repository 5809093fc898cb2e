import type { EffectLine, Fault, LedgerLine, Limits, Violation } from '../evidence.js'
import { groupBy } from './group-by.js'
import type { JobHistory } from './history.js'

/** Why a lease may have ended: a fault that the driver logged, or a stall that the worker itself noted. */
interface Cause {
  readonly kind: Fault['kind'] | 'stall'
  readonly worker: string | null
  readonly at: number
  readonly until: number
}

export interface Repeats {
  readonly count: number
  /** How many the faults would have excused. */
  readonly bound: number
  /** Those that only a stall explains, which the driver did not cause. */
  readonly byStalls: number
  readonly violations: readonly Violation[]
}

/**
 * Each repeat needs a fault of the earlier owner before it, and no fault may explain more than its share: the items
 * in flight when it came.
 */
export function auditRepeats(
  histories: readonly JobHistory[],
  faults: readonly Fault[],
  lines: readonly LedgerLine[],
  limits: Limits,
): Repeats {
  const causes = causesOf(faults, lines)
  const repeats = histories
    .flatMap(repeatsOf)
    .map(repeat => ({ repeat, possible: causesFor(repeat, causes, limits) }))
  const explained = new Map<Cause, number>()
  const violations: Violation[] = []
  for (const { repeat, possible } of repeats.toSorted((a, b) => a.possible.length - b.possible.length)) {
    const cause = possible.find(each => (explained.get(each) ?? 0) < boundOf(each, limits))
    if (cause) explained.set(cause, (explained.get(cause) ?? 0) + 1)
    else violations.push(unexplained(repeat, possible))
  }
  return {
    count: repeats.length,
    bound: faults.reduce((sum, fault) => sum + boundOf(fault, limits), 0),
    byStalls: [...explained].reduce((sum, [{ kind }, count]) => sum + (kind === 'stall' ? count : 0), 0),
    violations,
  }
}

interface Repeat {
  readonly job: string
  readonly item: number
  readonly first: EffectLine
  readonly again: EffectLine
  /** From when the earlier owner asked for the job until the next one had it. */
  readonly from: number
  readonly until: number
}

function repeatsOf(history: JobHistory): readonly Repeat[] {
  const items = groupBy(history.effects, ({ item }) => item)
  return [...items.values()].flatMap(effects => {
    const inOrder = effects.toSorted((a, b) => a.token - b.token || a.at - b.at)
    return inOrder.slice(1).map((again, index) => repeatOf(inOrder[index] as EffectLine, again, history))
  })
}

function repeatOf(first: EffectLine, again: EffectLine, { id, claims }: JobHistory): Repeat {
  const own = claims.find(({ token }) => token === first.token)
  const next = claims.find(({ token }) => token > first.token)
  return {
    job: id,
    item: again.item,
    first,
    again,
    from: own?.sentAt ?? first.at,
    until: next?.at ?? again.at,
  }
}

/** The faults first. An orderly stop is none: it must not repeat anything. */
function causesOf(faults: readonly Fault[], lines: readonly LedgerLine[]): readonly Cause[] {
  const stalls = lines.flatMap(({ type, worker, at, ...line }): Cause[] =>
    'ms' in line ? [{ kind: 'stall', worker, at: at - line.ms, until: at }] : [],
  )
  return [...faults.filter(({ kind }) => kind !== 'stop'), ...stalls]
}

/** Those that hit the earlier owner while the job was its; the driver's faults before the stalls. */
function causesFor(
  { first, again, from, until }: Repeat,
  causes: readonly Cause[],
  limits: Limits,
): readonly Cause[] {
  if (first.token === again.token) return []
  const hits = (cause: Cause) => cause.worker === first.worker || hitsAll(cause, limits)
  return causes.filter(cause => hits(cause) && cause.at <= until && cause.until >= from)
}

function hitsAll({ kind, worker }: Cause, { sharesLock }: Limits): boolean {
  return worker === null || (sharesLock && kind === 'pause')
}

function boundOf(cause: Cause, limits: Limits): number {
  if (cause.kind === 'stop') return 0
  return limits.slots * limits.batchSize * (hitsAll(cause, limits) ? limits.workers : 1)
}

function unexplained(
  { job, item, first, again, from, until }: Repeat,
  possible: readonly Cause[],
): Violation {
  const by = (line: EffectLine) => `token ${line.token} of worker ${line.worker}`
  const why =
    possible.length > 0 ? 'the faults have their share already' : `no fault from ${from} to ${until}`
  const detail = `${job}: item ${item} by ${by(first)} and again by ${by(again)}; ${why}`
  return { kind: 'unexplained repeat', detail }
}
