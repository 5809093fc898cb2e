import type { Fault, LedgerLine, Limits } from '../evidence.js'
import { groupBy } from './group-by.js'

export interface Span {
  readonly at: number
  readonly until: number
}

export function overlap(a: Span, b: Span): boolean {
  return a.at <= b.until && b.at <= a.until
}

/** Tells whether a worker had a free slot at a moment, by its last answer before it, and met no fault until later. */
export function whoWasFree(lines: readonly LedgerLine[], faults: readonly Fault[], { pollMs }: Limits) {
  const windowOf = (at: number) => Math.floor(at / (2 * pollMs))
  const answers = lines.filter(({ type }) => type === 'claim' || type === 'free')
  const windows = groupBy(
    answers.toSorted((a, b) => a.at - b.at),
    ({ at }) => windowOf(at),
  )
  return (at: number, until: number): boolean => {
    const window = windowOf(at)
    const recent = [...(windows.get(window - 1) ?? []), ...(windows.get(window) ?? [])]
    const last = new Map(recent.filter(line => line.at <= at).map(line => [line.worker, line]))
    const wasHit = (worker: string, since: number) =>
      faults.some(fault => fault.worker === worker && overlap(fault, { at: since, until }))
    return [...last.values()].some(line => line.type === 'free' && !wasHit(line.worker, line.at))
  }
}
