import type { Book } from './book.js'
import type { Calendar } from './calendar.js'
import { type ReadySchedule, readySchedule } from './ready.js'
import type { When } from './when.js'

export interface KnownDeps {
  readonly declared: readonly ReadySchedule[]
  readonly calendars: (when: When) => Calendar
  /** One schedule can't be read; the others go on. */
  onError(error: unknown): void
}

/** All schedules: those in code, and from the book those that code does not name. */
export function createKnown({ declared, calendars, onError }: KnownDeps) {
  const inCode = new Map(declared.map(schedule => [schedule.name, schedule]))
  let last: { readonly version: number; readonly schedules: readonly ReadySchedule[] } | undefined

  function stored(book: Book): ReadySchedule[] {
    return [...book].flatMap(([name, { definition }]) => {
      if (!definition || inCode.has(name)) return []
      try {
        return [readySchedule(definition, 'store', calendars)]
      } catch (error) {
        onError(error)
        return []
      }
    })
  }

  return {
    inCode,
    /** Reads a version of the book once. */
    all(version: number, book: Book): readonly ReadySchedule[] {
      if (last?.version !== version) last = { version, schedules: [...declared, ...stored(book)] }
      return last.schedules
    },
  }
}

export type Known = ReturnType<typeof createKnown>
