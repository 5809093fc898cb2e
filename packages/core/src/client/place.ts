import { checkEnqueueOptions, type EnqueueOptions, readPriority } from '../enqueue-options.js'
import { OptionsError } from '../errors.js'

/** Where a job waits for its turn. */
export type Place = Pick<EnqueueOptions, 'queue' | 'priority'>

/** @throws {OptionsError} when it says nothing, or is out of range. */
export function checkedPlace({ queue, priority }: Place): { queue?: string; priority?: number } {
  if (queue === undefined && priority === undefined)
    throw new OptionsError('to', 'must name a queue, a priority or both')
  checkEnqueueOptions(queue === undefined ? {} : { queue })
  return {
    ...(queue === undefined ? {} : { queue }),
    ...(priority === undefined ? {} : { priority: readPriority(priority) }),
  }
}
