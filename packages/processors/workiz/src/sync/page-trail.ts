import { createHash } from 'node:crypto'
import { PaginationLoopError } from '../client/errors.js'
import type { JobPage } from '../client/types.js'

/** What is remembered of the pages so far, small enough to be part of a cursor. */
export interface PageTrail {
  /** The first UUID of each page. */
  readonly firsts: readonly string[]
  /** A fingerprint of the last page. */
  readonly last: string | null
}

export const noPages: PageTrail = { firsts: [], last: null }

/** @throws {PaginationLoopError} for the page before once more, or a page that begins like an earlier one and goes on. */
export function follow({ firsts, last }: PageTrail, { jobs, hasMore }: JobPage): PageTrail {
  const page = hash(jobs.map(({ UUID }) => UUID))
  const first = jobs[0]?.UUID ?? ''
  if (page === last || (hasMore && firsts.includes(first))) throw new PaginationLoopError(firsts.length + 1)
  return { firsts: [...firsts, first], last: page }
}

function hash(uuids: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(uuids)).digest('base64url').slice(0, 16)
}
