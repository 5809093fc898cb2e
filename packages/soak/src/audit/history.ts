import { decodeCursor } from '@longhaul/core'
import type { ClaimLine, CommitLine, EffectLine, EnqueuedJob, Evidence, StoredJob } from '../evidence.js'

/** All that is known of one job. */
export interface JobHistory {
  readonly id: string
  /** `undefined` for a job that nobody enqueued. */
  readonly enqueued: EnqueuedJob | undefined
  /** `undefined` for a job that the store does not have. */
  readonly stored: StoredJob | undefined
  /** By token. */
  readonly claims: readonly ClaimLine[]
  readonly effects: readonly EffectLine[]
  /** By token, then `seq`. */
  readonly commits: readonly CommitLine[]
}

export function historiesOf({ lines, enqueued, stored }: Evidence): readonly JobHistory[] {
  const histories = new Map<string, Building>()
  const of = (id: string) => histories.get(id) ?? added(histories, id)
  for (const job of enqueued) of(job.id).enqueued = job
  for (const job of stored) of(job.id).stored = job
  for (const line of lines) {
    if (line.type === 'claim') of(line.job).claims.push(line)
    if (line.type === 'effect') of(line.job).effects.push(line)
    if (line.type === 'commit') of(line.job).commits.push(line)
  }
  return [...histories.values()].map(sorted)
}

interface Building {
  readonly id: string
  enqueued: EnqueuedJob | undefined
  stored: StoredJob | undefined
  readonly claims: ClaimLine[]
  readonly effects: EffectLine[]
  readonly commits: CommitLine[]
}

function added(histories: Map<string, Building>, id: string): Building {
  const history = { id, enqueued: undefined, stored: undefined, claims: [], effects: [], commits: [] }
  histories.set(id, history)
  return history
}

function sorted(history: Building): JobHistory {
  return {
    ...history,
    claims: history.claims.toSorted((a, b) => a.token - b.token),
    commits: history.commits.toSorted((a, b) => a.token - b.token || a.seq - b.seq),
  }
}

/** How many items lie behind a cursor. */
export function itemsPassed(cursor: string | null, items: number): number {
  if (cursor === null) return 0
  const position = decodeCursor(cursor) as { at: string; cursor: number }
  return position.at === 'end' ? items : position.cursor
}

/** The cursors that the store had for certain, in the order in which it should have had them. */
export function positionsOf({ claims, commits, enqueued }: JobHistory) {
  const items = enqueued?.items ?? 0
  const claimed = claims.map(({ at, token, cursor }) => ({ at, token, seq: 0, cursor }))
  const saved = commits.flatMap(({ at, token, seq, cursor, answer }) =>
    cursor === undefined || answer !== 'accepted' ? [] : [{ at, token, seq, cursor }],
  )
  return [...claimed, ...saved]
    .toSorted((a, b) => a.token - b.token || a.seq - b.seq)
    .map(({ at, token, seq, cursor }) => ({ at, token, seq, passed: itemsPassed(cursor, items) }))
}
