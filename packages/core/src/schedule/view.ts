import type { Entry } from './book.js'
import type { CatchUp } from './definition.js'
import type { ReadySchedule } from './ready.js'
import type { When } from './when.js'

/** A schedule as it is shown. Instants are ISO 8601 in UTC. */
export interface ScheduleView {
  readonly name: string
  readonly processor: string
  readonly when: When
  readonly catchUp: Required<CatchUp>['catchUp']
  /** Who made it: `code`, where only code can change it, or someone at run time, kept in the `store`. */
  readonly source: 'code' | 'store'
  readonly paused: boolean
  /** The last slot that got a job. */
  readonly lastSlot: string | null
  /** The slot that gets the next one; `null` while it is paused, and when none is to come. */
  readonly nextSlot: string | null
  /** What each job is given; absent where code works it out. */
  readonly input?: unknown
}

export function viewSchedule(schedule: ReadySchedule, entry: Entry | undefined, now: number): ScheduleView {
  const { name, processor, when, catchUp, source, calendar, input } = schedule
  const paused = entry?.paused ?? false
  return {
    ...{ name, processor, when, catchUp, source, paused },
    lastSlot: iso(entry?.lastSlot),
    nextSlot: paused ? null : iso(calendar.after(Math.max(entry?.decided ?? now, now))),
    ...(typeof input === 'function' ? {} : { input }),
  }
}

function iso(slot: number | null | undefined): string | null {
  return slot === null || slot === undefined ? null : new Date(slot).toISOString()
}
