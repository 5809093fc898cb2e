import {
  type Committed,
  isEnded,
  type Job,
  type JobWork,
  type Patch,
  type Standing,
  stateAfterRelease,
  type Write,
} from '../store/index.js'
import { insert } from './insert.js'
import { release } from './release.js'
import { type Entry, isHeld, type Tables } from './tables.js'

/** Applies one write, or refuses it. `write` is the store's own copy, so that nothing can fail half-way. */
export function commit(tables: Tables, write: Write, now: number): Committed {
  const entry = tables.find(write.id)
  if (!entry) return { accepted: false, job: undefined }

  const newest = entry.job.token === write.token
  const repeated = newest && write.seq <= entry.seq
  const applied = newest && !repeated && isHeld(entry.job, now)
  if (applied) apply(tables, entry, write, now)
  return { accepted: repeated || applied, job: standingOf(entry.job) }
}

/** What its caller does to a write afterwards is not the store's business. */
export function copyOfWrite({ id, token, seq, patch, follow, items, logs }: Write): Write {
  const { progress } = patch
  return {
    id,
    token,
    seq,
    patch: progress ? { ...patch, progress: { ...progress } } : { ...patch },
    follow: follow?.map(job => ({ ...job, tags: [...job.tags] })) ?? [],
    items: items?.map(item => ({ ...item })) ?? [],
    logs: logs?.map(line => ({ ...line })) ?? [],
  }
}

function apply(tables: Tables, entry: Entry, write: Write, now: number) {
  entry.seq = write.seq
  tables.change(entry, withWork(placeAfter(entry.job, write.patch, now), write.patch))
  insert(tables, write.follow ?? [], now)
  for (const item of write.items ?? []) record(entry, item)
  for (const line of write.logs ?? []) entry.logs.push({ ...line, at: now })
  if (entry.job.endedAt !== null) release(tables, entry, now)
}

function standingOf({ state, token, wish, dueAt, endedAt }: Job): Standing {
  return { state, token, wish, dueAt, endedAt }
}

/** Whether the job stays held, and where it goes if it does not. */
function placeAfter(job: Job, patch: Patch, now: number): Partial<Job> {
  if (patch.state === undefined) return patch.leaseMs === undefined ? {} : { dueAt: now + patch.leaseMs }

  const state = stateAfterRelease(patch.state, job.wish)
  return { state, wish: null, dueAt: now + (patch.delayMs ?? 0), endedAt: isEnded(state) ? now : null }
}

/** Onto the same object, for that is what a commit spends its time with. */
function withWork(changes: Partial<Job>, patch: Patch): Partial<Job> {
  const all: Record<string, unknown> = changes
  for (const member of workMembers) if (patch[member] !== undefined) all[member] = patch[member]
  return changes
}

const workMembers: readonly (keyof JobWork)[] = [
  'cursor',
  'output',
  'error',
  'memo',
  'progress',
  'attempts',
  'crashes',
  'interruptions',
  'throttles',
]

function record({ items, itemPlaces }: Entry, item: Entry['items'][number]) {
  const place = itemPlaces.get(item.key) ?? items.length
  itemPlaces.set(item.key, place)
  items[place] = item
}
