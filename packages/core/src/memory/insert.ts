import {
  type After,
  blockedBy,
  freshJob,
  isEnded,
  type Job,
  type NewJob,
  satisfies,
  unknownJob,
} from '../store/index.js'
import type { Entry, Tables } from './tables.js'

interface Copy {
  readonly job: Job
  readonly after: After | undefined
}

/** Adds what is not there yet. All are copied and checked before the first is added, so that nothing can fail half-way. */
export function insert(tables: Tables, jobs: readonly NewJob[], now: number): Entry[] {
  const copies = jobs.map(job => copyOfNew(job, now))
  refuseUnknown(tables, copies)
  const answers = new Map<string, Entry>()
  return copies.map(copy => {
    const entry = tables.sameAs(copy.job) ?? add(tables, copy, answers)
    answers.set(copy.job.id, entry)
    return entry
  })
}

function copyOfNew(job: NewJob, now: number): Copy {
  return { job: freshJob(job, now), after: job.after && { ...job.after, ids: [...new Set(job.after.ids)] } }
}

/** @throws {StoreError} `unknown_job` */
function refuseUnknown(tables: Tables, copies: readonly Copy[]): void {
  const earlier = new Set<string>()
  for (const { job, after } of copies) {
    const unknown = after?.ids.find(id => !earlier.has(id) && !tables.find(id))
    if (unknown !== undefined && !tables.sameAs(job)) throw unknownJob('memory', job.id, unknown)
    earlier.add(job.id)
  }
}

function add(tables: Tables, { job, after }: Copy, answers: ReadonlyMap<string, Entry>): Entry {
  if (!after) return tables.add(job)
  const awaited = unsatisfied(tables, after, answers)
  const entry = tables.add(blockedBy(job, awaited.length, awaited.some(hasEnded)))
  for (const on of awaited) on.waiters.set(entry, after.outcome)
  return entry
}

function unsatisfied(tables: Tables, { ids, outcome }: After, answers: ReadonlyMap<string, Entry>): Entry[] {
  const entries = new Set(ids.map(id => answers.get(id) ?? (tables.find(id) as Entry)))
  return [...entries].filter(({ job }) => !satisfies(job.state, outcome))
}

function hasEnded({ job }: Entry): boolean {
  return isEnded(job.state)
}
