import { type CursorValue, decodeCursor } from '@longhaul/core'
import { only } from '../events.js'
import type { Run } from '../run.js'
import { opened } from './opened.js'

/** Whatever was accepted, a job never went back behind a place that it had reached. */
export function cursorsMovedBack({ events, scenario: { options } }: Run): string[] {
  const reached = new Map<string, number>()
  return only(events, 'written').flatMap(({ write: { id, patch, token }, answer }) => {
    if (!answer.accepted || patch.cursor === undefined) return []
    const cursor = patch.cursor && opened(patch.cursor, { jobId: id, part: 'cursor' }, options?.codec)
    const [before, now] = [reached.get(id) ?? 0, placeOf(cursor)]
    reached.set(id, Math.max(before, now))
    return now < before ? [`token ${token} moved job ${id} back from ${before} to ${now}`] : []
  })
}

/** The cursors of all scenarios are numbers from 1, as they are or inside the place of a walk. */
function placeOf(cursor: string | null): number {
  return cursor === null ? 0 : numberIn(decodeCursor(cursor))
}

function numberIn(value: CursorValue): number {
  if (typeof value !== 'object' || value === null) return Number(value)
  const { at, cursor = null } = value as { readonly at: string; readonly cursor?: CursorValue }
  return at === 'end' ? Number.POSITIVE_INFINITY : Number(cursor)
}
