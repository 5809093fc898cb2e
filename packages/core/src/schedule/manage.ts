import { ScheduleError, TooLargeError } from '../errors.js'
import type { AnyProcessor } from '../processor/types.js'
import type { Cell } from '../store/index.js'
import type { SwapLoopDeps } from '../swap-loop.js'
import { type Book, bookText, editBook, readBook, readCell } from './book.js'
import type { Calendar } from './calendar.js'
import type { StoredSchedule, StoredScheduleOf } from './definition.js'
import type { Keeping, KeptSchedule } from './kept.js'
import type { Known } from './known.js'
import { type ReadySchedule, readySchedule } from './ready.js'
import { slotsBehind } from './slots.js'
import { type ScheduleView, viewSchedule } from './view.js'
import type { When } from './when.js'

/** The schedules of a store, at run time. Workers in other processes see a change within ten seconds. */
export interface Schedules<P extends AnyProcessor = AnyProcessor> {
  /**
   * Makes a schedule, or changes the one of this name. It begins now, unless its timing is what it was; one that is
   * paused stays so. A store keeps up to 1,000, in 1,000,000 characters.
   *
   * @throws {ScheduleError} `invalid_schedule`; `schedule_in_code`, for a name that code uses; `too_many_schedules`.
   * @throws {InputError} when the input does not fit, {@link UnknownProcessorError}, {@link OptionsError}: then nothing
   * is stored.
   */
  upsert(schedule: StoredScheduleOf<P>): Promise<ScheduleView>
  /** Makes no more jobs, and none later for the slots that pass. @throws {ScheduleError} `schedule_not_found` */
  pause(name: string): Promise<ScheduleView>
  /** @throws {ScheduleError} `schedule_not_found` */
  resume(name: string): Promise<ScheduleView>
  /** Its jobs stay. @throws {ScheduleError} `schedule_not_found`; `schedule_in_code`, for one that only code can remove. */
  remove(name: string): Promise<void>
  /** All by name: those in the code of this runner, and those in the store. */
  list(): Promise<readonly ScheduleView[]>
  /** The next slots, paused or not. `count` is from 1 to 1_000, 5 when absent. @throws {ScheduleError} `schedule_not_found` */
  next(name: string, count?: number): Promise<readonly string[]>
}

export interface ManageDeps extends SwapLoopDeps {
  readonly known: Known
  readonly calendars: (when: When) => Calendar
  readonly keeping: Keeping
  opened(): Promise<void>
  /** @throws {InputError} when the input does not fit, {@link UnknownProcessorError}. */
  checkJob(schedule: ReadySchedule): Promise<void>
  /** Looks at the schedules soon. */
  onChange(): void
}

const mostStored = 1_000
const mostCharacters = 1_000_000

export function createSchedules(deps: ManageDeps): Schedules {
  const { cells, known, calendars } = deps

  async function edit(change: (book: Book, now: number) => Book): Promise<Cell> {
    const cell = await editBook(deps, change)
    deps.onChange()
    return cell
  }

  function find(name: string, cell: Cell): ReadySchedule {
    const schedule = known.one(name, readBook(cell))
    if (schedule) return schedule
    throw notFound(name)
  }

  async function setPaused(name: string, paused: boolean): Promise<ScheduleView> {
    const { timing } = find(name, await read())
    const cell = await edit((book, now) => withPaused(book, name, paused, timing, now))
    return shown(name, cell)
  }

  async function read(): Promise<Cell> {
    await deps.opened()
    return readCell(cells)
  }

  function shown(name: string, cell: Cell): ScheduleView {
    return viewSchedule(find(name, cell), readBook(cell).get(name), cell.now)
  }

  return {
    async upsert(given) {
      const schedule = readySchedule(given as StoredSchedule, 'store', calendars)
      refuseInCode(known, schedule.name)
      await deps.checkJob(schedule)
      await deps.opened()
      const kept = deps.keeping.keep(schedule)
      return shown(schedule.name, await edit((book, now) => withSchedule(book, schedule, kept, now)))
    },

    pause: name => setPaused(name, true),
    resume: name => setPaused(name, false),

    async remove(name) {
      refuseInCode(known, name)
      await deps.opened()
      await edit(book => without(book, name))
    },

    async list() {
      const cell = await read()
      const book = readBook(cell)
      const views = known.all(book).map(schedule => viewSchedule(schedule, book.get(schedule.name), cell.now))
      return views.sort((one, other) => (one.name < other.name ? -1 : 1))
    },

    async next(name, count = 5) {
      const cell = await read()
      return slotsBehind(find(name, cell).calendar, cell.now, count)
    },
  }
}

function refuseInCode({ inCode }: Known, name: string): void {
  if (!inCode.has(name)) return
  throw new ScheduleError(
    'schedule_in_code',
    name,
    'it is made by code, so change it there. It can be paused.',
  )
}

function notFound(name: string): ScheduleError {
  return new ScheduleError('schedule_not_found', name, 'it is neither in this code nor in the store.')
}

/** @throws {ScheduleError} when it is not there. */
function without(book: Book, name: string): Book {
  const next = new Map(book)
  if (next.delete(name)) return next
  throw notFound(name)
}

/** Slots that pass while a schedule is paused are not missed: nobody wanted them. */
function withPaused(book: Book, name: string, paused: boolean, timing: string, now: number): Book {
  const { paused: before = false, ...entry } = book.get(name) ?? { decided: now, timing }
  if (before === paused) return book
  const resumed = { ...entry, decided: Math.max(entry.decided, now) }
  return new Map(book).set(name, paused ? { ...entry, paused } : resumed)
}

/** @throws {ScheduleError} for an instant that has passed, or too many schedules. @throws {TooLargeError} */
function withSchedule(book: Book, schedule: ReadySchedule, definition: KeptSchedule, now: number): Book {
  const { name, timing, calendar } = schedule
  const entry = book.get(name)
  const decided = entry?.timing === timing ? entry.decided : now
  if (calendar.after(decided) === null) {
    throw new ScheduleError('invalid_schedule', name, 'its instant has passed. To run it now, enqueue a job.')
  }
  const next = new Map(book).set(name, { ...entry, decided, timing, definition })
  refuseTooMany(next, name)
  return next
}

function refuseTooMany(book: Book, name: string): void {
  const stored = [...book.values()].filter(({ definition }) => definition).length
  if (stored > mostStored) {
    const reason = `the store has ${mostStored} already. Remove some, or let one schedule enqueue many jobs.`
    throw new ScheduleError('too_many_schedules', name, reason)
  }
  const size = bookText(book).length
  if (size > mostCharacters) throw new TooLargeError('list of schedules', size, mostCharacters)
}
