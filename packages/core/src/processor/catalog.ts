import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { AnyProcessor } from './types.js'

/** A processor that a runner knows, as others may see it. */
export interface ProcessorView {
  readonly name: string
  /** Where its jobs wait unless they are told otherwise. */
  readonly queue: string
  /** Whether its failed items can be retried alone. */
  readonly walksItems: boolean
  /** What an input must fit, as the processor was defined with. */
  readonly input: StandardSchemaV1
}

export function viewProcessor({ name, policies, schema }: AnyProcessor): ProcessorView {
  return { name, queue: policies.queue, walksItems: policies.walksItems, input: schema }
}
