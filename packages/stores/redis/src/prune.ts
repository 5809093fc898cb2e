import type { RetentionRule } from '@longhaul/core/store'
import type { Connection } from './connection.js'
import { frame } from './frames.js'
import { pruneScript, sweepScript } from './scripts/prune.js'
import { letterOf } from './states.js'
import { setOf } from './walk.js'

/** Jobs that one script looks at. */
const chunk = 500

/** Records that one script deletes: a single job may have a million. */
const recordChunk = 2_000

/**
 * Deletes up to `limit` jobs, the longest ended first. Their records can be found no more, and go behind them; if
 * the process ends before that, with the next prune.
 */
export async function pruneJobs(
  { run }: Connection,
  { olderThanMs, limit, states, processors }: RetentionRule,
): Promise<number> {
  const rule = [states.map(letterOf).join(''), ...setOf(processors, frame)]
  let total = 0
  let behind = ''
  do {
    const [deleted, last] = (await run(pruneScript, [
      ...[Math.ceil(olderThanMs), chunk, limit - total, behind],
      ...rule,
    ])) as [number, string]
    total += deleted
    behind = last
  } while (total < limit && behind !== '')
  while (await run(sweepScript, [recordChunk]));
  return total
}
