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

function apply(tables: Tables, entry: Entry, write: Write, now: number) {
  entry.seq = write.seq
  tables.change(entry, { ...workOf(write.patch), ...placeAfter(entry.job, write.patch, now) })
  insert(tables, write.follow ?? [], now)
  for (const item of write.items ?? []) record(entry, item)
  for (const line of write.logs ?? []) entry.logs.push({ ...line, at: now })
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

function workOf(patch: Patch): Partial<JobWork> {
  const given = workMembers.filter(member => patch[member] !== undefined)
  return Object.fromEntries(given.map(member => [member, patch[member]]))
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
