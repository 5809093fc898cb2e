import fc from 'fast-check'
import type { Call } from '../call.js'
import { durations } from '../time.js'
import type { World } from '../world.js'
import { anySwap, swapOf } from './cells.js'
import { anyClaim, claimOf } from './claim.js'
import { anyCommit, commitOf } from './commit.js'
import { anyInsert, insertOf } from './insert.js'
import { anyLook, anyRequest } from './request.js'

const anyPrune = fc.record({
  do: fc.constant('prune' as const),
  states: fc.subarray(['completed', 'completed_with_errors', 'failed', 'cancelled'] as const, {
    minLength: 2,
  }),
  olderThanMs: fc.constantFrom(durations.shortDelayMs, durations.longDelayMs),
  processors: fc.constantFrom(undefined, undefined, ['one']),
  limit: fc.integer({ min: 1, max: 3 }),
})
const anyAdvance = fc.record({ do: fc.constant('advance' as const), ticks: fc.integer({ min: 1, max: 16 }) })

const anyCommand = fc.oneof(
  { weight: 5, arbitrary: anyInsert },
  { weight: 7, arbitrary: anyClaim },
  { weight: 12, arbitrary: anyCommit },
  { weight: 7, arbitrary: anyRequest },
  { weight: 2, arbitrary: anyPrune },
  { weight: 1, arbitrary: anySwap },
  { weight: 2, arbitrary: anyLook },
  { weight: 3, arbitrary: anyAdvance },
)
export type Command = typeof anyCommand extends fc.Arbitrary<infer Value> ? Value : never

/** 30 to 40 of them. A command shrinks to none at all, so that any of them can go. */
export const anyCommands: fc.Arbitrary<readonly Command[]> = fc
  .array(fc.option(anyCommand, { freq: 11 }), { minLength: 35, maxLength: 41, size: 'max' })
  .map(all => all.flatMap(command => command ?? []))

/** What a command means, given what is there. */
export function callOf(command: Command, world: World): Call {
  switch (command.do) {
    case 'insert':
      return insertOf(command, world)
    case 'claim':
      return claimOf(command, world)
    case 'commit':
      return commitOf(command, world)
    case 'swap':
      return swapOf(command, world)
    case 'prune':
      return { do: 'prune', rule: ruleOf(command) }
    case 'request':
    case 'look':
      return command
    case 'advance':
      return { do: 'advance' }
  }
}

/** How many ticks of the clock go by before the call. */
export function ticksOf(command: Command): number {
  return 1 + (command.do === 'advance' ? command.ticks : 0)
}

function ruleOf({ do: _do, processors, ...rule }: Extract<Command, { do: 'prune' }>) {
  return processors ? { ...rule, processors } : rule
}
