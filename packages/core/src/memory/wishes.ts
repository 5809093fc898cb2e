import { isEnded, type Job, type Wish, wishes } from '../store/index.js'
import { type Entry, isHeld, type Tables } from './tables.js'

/** Carries out a wish, or leaves it with the holder. Answers whether that changed the job. */
export function carryOut(tables: Tables, entry: Entry, wish: Wish, now: number): boolean {
  const changes = isHeld(entry.job, now) ? asWish(entry.job, wish.kind) : asMove(entry.job, wish, now)
  if (changes) tables.change(entry, changes)
  return changes !== undefined
}

function asWish({ wish }: Job, kind: Wish['kind']): Partial<Job> | undefined {
  if (kind === 'cancel' && wish !== 'cancel') return { wish: 'cancel' }
  if (kind === 'pause' && wish === null) return { wish: 'pause' }
  if (kind === 'resume' && wish === 'pause') return { wish: null }
  return undefined
}

function asMove(job: Job, wish: Wish, now: number): Partial<Job> | undefined {
  if (job.state === 'running' && wish.kind === 'resume') return asWish(job, wish.kind)
  if (wish.kind === 'promote') return job.state === 'waiting' && job.dueAt > now ? { dueAt: now } : undefined

  const state = stateAfter(job, wish.kind)
  if (!state) return undefined
  return {
    state,
    wish: null,
    endedAt: isEnded(state) ? now : null,
    ...(wish.kind === 'retry' && anew(wish, now)),
  }
}

function stateAfter(job: Job, kind: Wish['kind']) {
  const wanted = job.wish === 'cancel' && kind === 'pause' ? 'cancel' : kind
  return wishes(wanted).find(([from]) => from === job.state)?.[1]
}

function anew({ work }: Extract<Wish, { kind: 'retry' }>, now: number): Partial<Job> {
  return { ...work, attempts: 0, crashes: 0, dueAt: now }
}
