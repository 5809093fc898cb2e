import type { PreparedJob } from '../client/producer.js'
import type { EnqueueOptions } from '../enqueue-options.js'
import { ScheduleError } from '../errors.js'
import type { SlotContext } from './definition.js'
import { type ReadySchedule, withTag } from './ready.js'

/** Checks a job, as an `enqueue` would, and stores nothing. */
export type Prepare = (processor: string, input: unknown, options: EnqueueOptions) => Promise<PreparedJob>

/** The one job for a slot: whoever makes it, and however often, its key is the same. */
export async function slotJob(schedule: ReadySchedule, slot: number, prepare: Prepare): Promise<PreparedJob> {
  const { name, processor, options } = schedule
  const instant = new Date(slot).toISOString()
  const key = `schedule:${name}@${instant}`
  return prepare(processor, inputAt(schedule, instant), { ...withTag(name, options), key })
}

export function cannotMake(
  code: 'invalid_schedule' | 'schedule_failed',
  { name }: ReadySchedule,
  cause: unknown,
): ScheduleError {
  return inTrouble(code, name, "its job can't be made", cause)
}

export function inTrouble(
  code: ScheduleError['code'],
  name: string,
  what: string,
  cause: unknown,
): ScheduleError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new ScheduleError(code, name, `${what}: ${reason}`, { cause })
}

function inputAt({ input }: ReadySchedule, slot: string): unknown {
  return typeof input === 'function' ? (input as (context: SlotContext) => unknown)({ slot }) : input
}
