import type { JobFilter, Wish } from '@longhaul/core/store'
import { numbersOf, textsOf } from './commit.js'
import type { Connection } from './connection.js'
import { requestScript } from './scripts/request.js'
import { movesOf } from './states.js'
import { walk } from './walk.js'

/** Goes chunk by chunk, each of which finds and changes its jobs in one script. */
export async function carryOut(connection: Connection, wish: Wish, filter: JobFilter): Promise<number> {
  const work = wish.kind === 'retry' ? (wish.work ?? {}) : {}
  const texts = textsOf(work)
  const lead = [wish.kind, movesOf(wish.kind), movesOf('cancel'), numbersOf(work), texts.length, ...texts]
  let total = 0
  for await (const [, changed] of walk<[string, number]>(connection, requestScript, filter, { lead }))
    total += changed
  return total
}
