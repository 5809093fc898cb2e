import { Skip } from '@longhaul/core'

/** A row that a pass found to be deleted, noted as the reason for which its item was skipped. */
export interface Mark {
  readonly uuid: string
  readonly why: 'gone' | 'retention'
  /** ISO 8601 UTC. */
  readonly at: string
}

/** How an item ended that was skipped or failed. */
export interface ItemEnd {
  readonly key: string
  readonly outcome: string
  readonly error: string | null
}

const pattern = /^(gone|retention) at (\S+)$/

export function markSkip(why: Mark['why'], nowMs: number): Skip {
  return new Skip(`${why} at ${new Date(nowMs).toISOString()}`)
}

/**
 * The marks of this pass: the newest ones, as many as it skipped. A job that is worked again from the start still
 * has those of the pass before, which may have been wrong.
 */
export async function marksOf(ends: AsyncIterable<ItemEnd>, skipped: number): Promise<readonly Mark[]> {
  const marks: Mark[] = []
  for await (const { key, outcome, error } of ends) {
    const [, why, at] = (outcome === 'skipped' && pattern.exec(error ?? '')) || []
    if (why && at) marks.push({ uuid: key, why: why as Mark['why'], at })
  }
  return marks.sort(newestFirst).slice(0, skipped)
}

function newestFirst(a: Mark, b: Mark): number {
  return a.at > b.at ? -1 : a.at < b.at ? 1 : 0
}
