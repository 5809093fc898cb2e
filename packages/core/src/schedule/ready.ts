import { checkEnqueueOptions, readInstant } from '../enqueue-options.js'
import { ScheduleError } from '../errors.js'
import type { Calendar } from './calendar.js'
import { problemsOf } from './check.js'
import type { CatchUp, Schedule, ScheduledJobOptions } from './definition.js'
import type { When } from './when.js'

/** A schedule, checked and complete. */
export interface ReadySchedule extends Required<CatchUp> {
  readonly name: string
  readonly processor: string
  /** With its defaults, and an instant as text. */
  readonly when: When
  /** The same as text: two that read the same have the same slots. */
  readonly timing: string
  readonly calendar: Calendar
  /** What was given: a value, or a function of the slot. */
  readonly input: unknown
  readonly options: ScheduledJobOptions
  readonly source: 'code' | 'store'
}

/**
 * @throws {ScheduleError} `invalid_schedule`, with what is wrong.
 * @throws {OptionsError} for an option of its jobs.
 */
export function readySchedule(
  given: Schedule,
  source: ReadySchedule['source'],
  calendars: (when: When) => Calendar,
): ReadySchedule {
  const { name, processor, input, options = {}, toleranceMs = 300_000, maxCatchUp = 100 } = given
  const { catchUp = given.at === undefined ? 'skip' : 'last' } = given
  const wrong = problemsOf({ ...given, catchUp, toleranceMs, maxCatchUp })
  if (source === 'store' && typeof input === 'function') wrong.push('`input` can be a function only in code')
  if (wrong.length > 0) throw new ScheduleError('invalid_schedule', String(name), `${wrong.join('; ')}.`)
  checkEnqueueOptions(withTag(name, options))
  return {
    name,
    processor: typeof processor === 'string' ? processor : processor.name,
    ...timed(name, given, calendars),
    input,
    options,
    ...{ catchUp, toleranceMs, maxCatchUp },
    source,
  }
}

/** The tag finds the jobs of a schedule. */
export function withTag(name: string, options: ScheduledJobOptions): ScheduledJobOptions {
  return { ...options, tags: [...(options.tags ?? []), `schedule:${name}`] }
}

function timed(name: string, given: When, calendars: (when: When) => Calendar) {
  try {
    const when = plain(given)
    return { when, timing: JSON.stringify(when), calendar: calendars(when) }
  } catch (error) {
    throw new ScheduleError('invalid_schedule', name, (error as Error).message, { cause: error })
  }
}

function plain({ cron, timeZone = 'UTC', everyMs, at }: When): When {
  if (cron !== undefined) return { cron, timeZone }
  return everyMs === undefined ? { at: new Date(readInstant(at, 'at')).toISOString() } : { everyMs }
}
