import type { StandardSchemaV1 } from '@standard-schema/spec'
import { checkText } from '../check-text.js'
import { checkMs } from '../durations.js'
import { OptionsError } from '../errors.js'
import { checkItems, type ItemsPolicy, iterate } from '../iterate/items.js'
import type { ItemSource } from '../iterate/source.js'
import { checkRetryPolicy } from '../retry/policy.js'
import type { FinishContext, ItemContext, RunContext } from './context.js'
import { RunHandlerContext } from './run.js'
import { parseInput } from './schema.js'
import type { Slice } from './slice.js'
import type { Definition, Policies, Processor } from './types.js'

/** A job whose handler is one function. */
export interface RunDefinition<
  Name extends string,
  Schema extends StandardSchemaV1,
  Counter extends string,
  Output,
> extends Definition<Name, Schema, Counter> {
  /** What it returns is kept as the job's output: plain JSON, at most 256 KB. */
  readonly run: (
    context: RunContext<StandardSchemaV1.InferOutput<Schema>, Counter>,
  ) => Output | Promise<Output>
}

/** A job that walks many items, a batch at a time, and resumes behind the last one done. */
export interface ItemsDefinition<
  Name extends string,
  Schema extends StandardSchemaV1,
  Counter extends string,
  Item,
  Output,
> extends Definition<Name, Schema, Counter>,
    ItemsPolicy {
  /** Gives the items behind the cursor. See {@link ItemSource}. */
  readonly items: ItemSource<StandardSchemaV1.InferOutput<Schema>, Item>
  /** How many items there are, counted once at the start. Absent or `null`: unknown, so no ETA. */
  readonly total?: (context: {
    readonly input: StandardSchemaV1.InferOutput<Schema>
    readonly signal: AbortSignal
  }) => number | null | Promise<number | null>
  /** Works one item. It may run again for the same item after a crash or a failure. */
  readonly each: (item: Item, context: ItemContext<StandardSchemaV1.InferOutput<Schema>, Counter>) => unknown
  /** Runs when all items are done; what it returns is the job's output. It may run again if the job fails here. */
  readonly finish?: (
    context: FinishContext<StandardSchemaV1.InferOutput<Schema>, Counter, Item>,
  ) => Output | Promise<Output>
}

/**
 * Says what to do, once, for the side that asks and the side that works.
 *
 * @throws {OptionsError} when a name or a number is out of range.
 */
export function defineProcessor<
  const Name extends string,
  Schema extends StandardSchemaV1,
  Item,
  Output = undefined,
  const Counter extends string = string,
>(
  definition: ItemsDefinition<Name, Schema, Counter, Item, Output>,
): Processor<Name, StandardSchemaV1.InferInput<Schema>, Output>
export function defineProcessor<
  const Name extends string,
  Schema extends StandardSchemaV1,
  Output,
  const Counter extends string = string,
>(
  definition: RunDefinition<Name, Schema, Counter, Output>,
): Processor<Name, StandardSchemaV1.InferInput<Schema>, Output>
export function defineProcessor(definition: AnyDefinition): Processor {
  check(definition)
  return {
    name: definition.name,
    policies: policiesOf(definition),
    schema: definition.input,
    parse: input => parseInput(definition.name, definition.input, input),
    work: 'each' in definition ? iterate(definition) : runOf(definition),
  }
}

type AnyRun = RunDefinition<string, StandardSchemaV1, string, unknown>
type AnyItems = ItemsDefinition<string, StandardSchemaV1, string, unknown, unknown>
type AnyDefinition = AnyRun | AnyItems

function runOf(definition: AnyRun) {
  return async (slice: Slice) => {
    const context = new RunHandlerContext(slice)
    const output = await definition.run(context)
    context.believe(output)
    return output
  }
}

function policiesOf(definition: AnyDefinition): Policies {
  const { queue = 'default', retry = {}, maxCrashes = 3, lane, gate, timeoutMs } = definition
  return { walksItems: 'each' in definition, queue, retry, maxCrashes, lane, gate, timeoutMs }
}

function check(definition: AnyDefinition): void {
  const { name, timeoutMs, maxCrashes = 1 } = definition
  checkText('name', name, 200)
  if (definition.queue !== undefined) checkText('queue', definition.queue, 500)
  if (timeoutMs !== undefined) checkMs('timeoutMs', timeoutMs, 1)
  if (!Number.isInteger(maxCrashes) || maxCrashes < 1) {
    throw new OptionsError('maxCrashes', `must be an integer of at least 1, not ${maxCrashes}`)
  }
  checkRetryPolicy('retry', definition.retry ?? {})
  if ('each' in definition) checkItems(definition)
}
