import { isEnded, type Job, orBlocked, type Wish, wishes } from '../store/index.js'
import { release } from './release.js'
import { type Entry, isHeld, type Tables } from './tables.js'

type Move = Extract<Wish, { kind: 'move' }>

/**
 * Carries out a wish, or leaves it with the holders. Answers how many jobs that changed. Those who wait for them are told
 * behind the last one, so that the order of the jobs makes no difference.
 */
export function carryOut(tables: Tables, entries: readonly Entry[], wish: Wish, now: number): number {
  const changed = entries.filter(entry => change(tables, entry, wish, now))
  if (wish.kind === 'move') return changed.length
  for (const entry of changed) if (entry.job.endedAt !== null) release(tables, entry, now)
  return changed.length
}

function change(tables: Tables, entry: Entry, wish: Wish, now: number): boolean {
  const changes = changesOf(entry.job, wish, now)
  if (changes) tables.change(entry, changes)
  return changes !== undefined
}

function changesOf(job: Job, wish: Wish, now: number): Partial<Job> | undefined {
  if (wish.kind === 'move') return asPlace(job, wish)
  return isHeld(job, now) ? asWish(job, wish.kind) : asChange(job, wish, now)
}

function asPlace(job: Job, { queue = job.queue, priority = job.priority }: Move): Partial<Job> | undefined {
  return queue === job.queue && priority === job.priority ? undefined : { queue, priority }
}

function asWish({ wish }: Job, kind: Wish['kind']): Partial<Job> | undefined {
  if (kind === 'cancel' && wish !== 'cancel') return { wish: 'cancel' }
  if (kind === 'pause' && wish === null) return { wish: 'pause' }
  if (kind === 'resume' && wish === 'pause') return { wish: null }
  return undefined
}

function asChange(job: Job, wish: Exclude<Wish, Move>, now: number): Partial<Job> | undefined {
  if (job.state === 'running' && wish.kind === 'resume') return asWish(job, wish.kind)
  if (wish.kind === 'promote') return job.state === 'waiting' && job.dueAt > now ? { dueAt: now } : undefined

  const state = stateAfter(job, wish.kind)
  if (!state) return undefined
  return {
    state: orBlocked(state, job.waitsFor),
    wish: null,
    endedAt: isEnded(state) ? now : null,
    ...(wish.kind === 'retry' && anew(wish, now)),
  }
}

function stateAfter(job: Job, kind: Exclude<Wish, Move>['kind']) {
  const wanted = job.wish === 'cancel' && kind === 'pause' ? 'cancel' : kind
  return wishes(wanted).find(([from]) => from === job.state)?.[1]
}

function anew({ work }: Extract<Wish, { kind: 'retry' }>, now: number): Partial<Job> {
  return { ...work, attempts: 0, crashes: 0, dueAt: now }
}
