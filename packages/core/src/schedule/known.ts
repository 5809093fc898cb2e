import type { Book } from './book.js'
import type { Calendar } from './calendar.js'
import type { Keeping, KeptSchedule } from './kept.js'
import { type ReadySchedule, readySchedule } from './ready.js'
import { inTrouble } from './slot-job.js'
import type { When } from './when.js'

export interface KnownDeps {
  readonly declared: readonly ReadySchedule[]
  readonly calendars: (when: When) => Calendar
  readonly keeping: Keeping
  /** One schedule can't be read; the others go on. */
  onError(error: unknown): void
}

interface Read {
  readonly text: string
  readonly schedule: ReadySchedule | undefined
}

/** All schedules: those in code, and from the book those that code does not name. */
export function createKnown({ declared, calendars, keeping, onError }: KnownDeps) {
  const inCode = new Map(declared.map(schedule => [schedule.name, schedule]))
  let stored = new Map<string, Read>()

  /** What was read before and is the same is not checked again. */
  function read(name: string, definition: KeptSchedule): Read {
    const text = JSON.stringify(definition)
    const before = stored.get(name)
    return before?.text === text ? before : { text, schedule: ready(definition) }
  }

  function ready(definition: KeptSchedule): ReadySchedule | undefined {
    try {
      return readySchedule(keeping.read(definition), 'store', calendars)
    } catch (error) {
      onError(inTrouble('schedule_failed', definition.name, "it can't be read", error))
      return undefined
    }
  }

  return {
    inCode,

    all(book: Book): readonly ReadySchedule[] {
      const next = new Map<string, Read>()
      for (const [name, { definition }] of book) {
        if (definition && !inCode.has(name)) next.set(name, read(name, definition))
      }
      stored = next
      return [...declared, ...[...stored.values()].flatMap(({ schedule }) => schedule ?? [])]
    },

    one(name: string, book: Book): ReadySchedule | undefined {
      const definition = book.get(name)?.definition
      return inCode.get(name) ?? (definition && read(name, definition).schedule)
    },
  }
}

export type Known = ReturnType<typeof createKnown>
