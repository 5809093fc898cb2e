import type { Book, Entry } from './book.js'
import type { ReadySchedule } from './ready.js'

/** What a tick finds out about one schedule. */
export interface Decision {
  readonly schedule: ReadySchedule
  /** Those that get a job, the oldest first. */
  readonly slots: readonly number[]
  /** Each slot up to here has its job then, or is passed over. */
  readonly decided: number
}

/** What is due by the store's time; `undefined` when there is nothing to do and nothing to remember. */
export function decide(schedule: ReadySchedule, entry: Entry | undefined, now: number): Decision | undefined {
  if (entry?.paused) return undefined
  const from = startOf(schedule, entry, now)
  const passed = passedSlots(schedule, from, now)
  const newest = passed.at(-1)
  if (newest === undefined && entry?.timing === schedule.timing) return undefined
  const tooLate = schedule.catchUp === 'skip' && (newest ?? now) < now - schedule.toleranceMs
  return { schedule, slots: tooLate ? [] : passed, decided: newest ?? from }
}

/**
 * A new schedule begins now. A new one for a single instant, and one whose timing was changed, begin with what is
 * still on time: no slot falls between two versions that run side by side.
 */
function startOf(
  { timing, when, toleranceMs }: ReadySchedule,
  entry: Entry | undefined,
  now: number,
): number {
  if (entry?.timing === timing) return entry.decided
  if (!entry && when.at === undefined) return now
  return Math.max(entry?.decided ?? 0, now - toleranceMs)
}

function passedSlots(
  { calendar, catchUp, maxCatchUp }: ReadySchedule,
  from: number,
  now: number,
): readonly number[] {
  const first = calendar.after(from)
  if (first === null || first > now) return []
  return calendar.between(from, now, catchUp === 'all' ? maxCatchUp : 1)
}

/** The book once these decisions were carried out. What was changed or removed meanwhile stays as it is. */
export function record(book: Book, decisions: readonly Decision[]): Book {
  const next = new Map(book)
  for (const { schedule, slots, decided } of decisions) {
    const { name, source, timing, calendar } = schedule
    const entry = book.get(name)
    if (source === 'store' && entry?.timing !== timing) continue
    if (source === 'store' && calendar.after(decided) === null) next.delete(name)
    else next.set(name, moved(entry, timing, decided, slots.at(-1)))
  }
  return next
}

function moved(entry: Entry | undefined, timing: string, decided: number, slot: number | undefined): Entry {
  const made = slot === undefined ? {} : { lastSlot: slot }
  return { ...entry, ...made, decided: Math.max(entry?.decided ?? 0, decided), timing }
}
