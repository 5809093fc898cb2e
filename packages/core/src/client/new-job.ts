import { uuidv7 } from 'uuidv7'
import { encodeJson } from '../encoding/json.js'
import {
  checkEnqueueOptions,
  type EnqueueOptions,
  readInstant,
  readLane,
  readPriority,
} from '../enqueue-options.js'
import type { AnyProcessor } from '../processor/types.js'
import type { NewJob } from '../store/index.js'

/** The most that an input may take, in characters. */
const inputLimit = 262_144

/**
 * Checks an input at the door, and makes the job for it.
 *
 * @throws {InputError} when it does not fit the schema.
 * @throws {EncodingError} when it would not come back equal, with the path of the part.
 * @throws {TooLargeError} above 262,144 characters of JSON.
 * @throws {OptionsError} for an option that is unknown or out of range.
 */
export async function newJob(
  processor: AnyProcessor,
  input: unknown,
  options: EnqueueOptions,
): Promise<NewJob> {
  checkEnqueueOptions(options)
  const parsed = await processor.parse(input)
  const { queue, lane } = processor.policies
  return {
    id: uuidv7(),
    processor: processor.name,
    queue: options.queue ?? queue,
    input: encodeJson('input', input, inputLimit),
    priority: readPriority(options.priority),
    key: options.key ?? null,
    ...readLane(options.lane ?? lane?.(parsed)),
    tenant: options.tenant ?? null,
    correlationId: options.correlationId ?? null,
    tags: options.tags ?? [],
    delayMs: options.delayMs ?? 0,
    ...(options.runAt === undefined ? {} : { runAt: readInstant(options.runAt) }),
  }
}
