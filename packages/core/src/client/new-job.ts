import { readAfter } from '../after.js'
import { type Trace, writeNote } from '../encoding/note.js'
import {
  checkEnqueueOptions,
  type EnqueueOptions,
  readInstant,
  readLane,
  readPriority,
} from '../enqueue-options.js'
import type { KeepPayload } from '../payload/keep.js'
import type { AnyProcessor } from '../processor/types.js'
import type { NewJob } from '../store/index.js'

/** What a job is made of. */
export interface Making {
  readonly id: string
  readonly processor: AnyProcessor
  readonly input: unknown
  readonly options: EnqueueOptions
  readonly trace?: Trace | undefined
}

export type MakeJob = (making: Making) => Promise<NewJob>

/**
 * Checks an input at the door, and makes the job for it.
 *
 * @throws {InputError} when it does not fit the schema.
 * @throws {EncodingError} when it would not come back equal, with the path of the part.
 * @throws {TooLargeError} when its stored form is above the limit.
 * @throws {OptionsError} for an option that is unknown or out of range.
 */
export async function newJob(
  { id, processor, input, options, trace }: Making,
  keep: KeepPayload,
): Promise<NewJob> {
  checkEnqueueOptions(options)
  const parsed = await processor.parse(input)
  const { queue, lane } = processor.policies
  return {
    id,
    processor: processor.name,
    queue: options.queue ?? queue,
    input: keep('input', input, id),
    priority: readPriority(options.priority),
    key: options.key ?? null,
    ...readLane(options.lane ?? lane?.(parsed)),
    tenant: options.tenant ?? null,
    correlationId: options.correlationId ?? null,
    tags: options.tags ?? [],
    group: options.group ?? null,
    note: writeNote({ deadlineMs: options.deadlineMs, trigger: options.trigger, trace }),
    delayMs: options.delayMs ?? 0,
    ...(options.after === undefined ? {} : { after: readAfter(options.after) }),
    ...(options.runAt === undefined ? {} : { runAt: readInstant(options.runAt) }),
  }
}
