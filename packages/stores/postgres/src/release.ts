/**
 * Who waits for whom changes behind this advisory lock alone: inserts of jobs that wait, and ends of jobs that are
 * waited for, come one at a time. All other work never asks for it; it leaves alone what is `awaited`.
 */
export const orderLock = 'order'

/** Releases, or cancels, who waited for the jobs that were just ended. */
export const releaseSql = 'select {release}({now}, null)'

/** Cancels those of the new jobs `@ids` that wait in vain. */
export const cancelInVainSql = 'select {release}({now}, @ids::text[])'
