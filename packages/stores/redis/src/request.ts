import type { JobFilter, Wish } from '@longhaul/core/store'
import { numbersOf, textsOf } from './commit.js'
import type { Arguments, Connection } from './connection.js'
import { frame } from './frames.js'
import { rankOf } from './newcomers.js'
import { moveScript } from './scripts/move.js'
import { requestScript } from './scripts/request.js'
import type { Script } from './scripts/script.js'
import { movesOf } from './states.js'
import { walk } from './walk.js'

/** Goes chunk by chunk, each of which finds and changes its jobs in one script. */
export async function carryOut(connection: Connection, wish: Wish, filter: JobFilter): Promise<number> {
  const [script, lead] = wish.kind === 'move' ? placing(wish) : moving(wish)
  let total = 0
  for await (const [, changed] of walk<[string, number]>(connection, script, filter, { lead }))
    total += changed
  return total
}

type Order = readonly [script: Script, lead: Arguments]
type Move = Extract<Wish, { kind: 'move' }>

function placing({ queue, priority }: Move): Order {
  const place = [queue === undefined ? '' : frame(queue), priority === undefined ? '' : rankOf(priority)]
  return [moveScript, place]
}

function moving(wish: Exclude<Wish, Move>): Order {
  const work = wish.kind === 'retry' ? (wish.work ?? {}) : {}
  const texts = textsOf(work)
  const moves = [wish.kind, movesOf(wish.kind), movesOf('cancel')]
  return [requestScript, [...moves, numbersOf(work), texts.length, ...texts]]
}
