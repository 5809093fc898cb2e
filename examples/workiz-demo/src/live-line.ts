import { count, duration, range } from './format.js'

/** What the live line tells. */
export interface LiveView {
  readonly done: number
  readonly total: number
  /** Items a second, of late. */
  readonly perSecond: number
  readonly eta: { readonly lowMs: number; readonly highMs: number } | null
  /** Left for now: there is no time to tell. */
  readonly stopped: boolean
  /** `null` while the gate is open. */
  readonly wait: Wait | null
  /** In the order in which they are shown. */
  readonly counters: readonly (readonly [name: string, count: number])[]
}

/** Why nothing moves, and for how long. */
export interface Wait {
  readonly what: 'gate closed' | 'waits'
  readonly ms: number
  readonly reason: string
}

export type Style = 'green' | 'yellow' | 'dim'
export type Paint = (style: Style, text: string) => string

const gap = '  '
const longestBar = 24
const shortestBar = 8

/** The whole line, in at most `columns`. What matters least stands last, and goes first where it is narrow. */
export function liveLine(view: LiveView, columns: number, paint: Paint = (_, text) => text): string {
  const parts = fitting(partsOf(view), columns - shortestBar - gap.length)
  const bar = barOf(view, Math.min(longestBar, columns - widthOf(parts) - gap.length), paint)
  const painted = parts.map(part => (view.wait && part === waitOf(view) ? paint('yellow', part) : part))
  return [bar, ...painted].join(gap).trimEnd()
}

/** The same without a bar, for a log. */
export function plainLine(view: LiveView, columns = 110): string {
  return fitting(partsOf(view), columns).join(gap).trimEnd()
}

function partsOf(view: LiveView): string[] {
  const { done, total, perSecond, counters } = view
  const percent = `${Math.floor((100 * done) / Math.max(1, total))} %`.padStart(5)
  const ofTotal = `${count(done).padStart(count(total).length)} of ${count(total)}`
  const counted = counters.map(([name, value]) => `${count(value)} ${name}`).join(' · ')
  return [percent, ofTotal, `${perSecond.toFixed(0).padStart(3)}/s`, leftOf(view), waitOf(view), counted]
}

function leftOf({ done, total, eta, stopped }: LiveView): string {
  if (done >= total) return 'done'.padEnd(14)
  if (stopped) return 'stopped'.padEnd(14)
  return (eta ? `${range(eta.lowMs, eta.highMs)} left` : 'estimating').padEnd(14)
}

function waitOf({ wait }: LiveView): string {
  const line = wait ? `${wait.what} ${duration(Math.max(100, wait.ms))}: ${wait.reason}` : 'gate open'
  return line.padEnd(22)
}

function fitting(parts: readonly string[], columns: number): string[] {
  const kept = [...parts]
  while (kept.length > 1 && widthOf(kept) > columns) kept.pop()
  return kept
}

function widthOf(parts: readonly string[]): number {
  return parts.join(gap).trimEnd().length
}

function barOf({ done, total }: LiveView, width: number, paint: Paint): string {
  const filled = Math.floor((width * Math.min(done, total)) / Math.max(1, total))
  return paint('green', '━'.repeat(filled)) + paint('dim', '─'.repeat(Math.max(0, width - filled)))
}
