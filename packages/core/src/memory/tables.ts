import type { After, ClaimRequest, ItemRecord, Job, StoredLogLine } from '../store/index.js'
import type { StoredCell } from './cells.js'
import { chained, merged } from './in-turn.js'
import { SortedList } from './sorted-list.js'

/** A job with what only the store knows about it. */
export interface Entry {
  /** Replaced as a whole by `Tables.change`, never written to. */
  job: Job
  /** Grows with every insert: the position in lists, and what breaks a tie between jobs due together. */
  readonly order: number
  /** The claim that gave out the newest token, where in its answer, and the last write of its holder. */
  claimId: string | null
  claimPlace: number
  seq: number
  readonly items: ItemRecord[]
  /** Where in `items` each key stands. */
  readonly itemPlaces: Map<string, number>
  readonly logs: StoredLogLine[]
  /** Who waits for it, and for which end; made with the first one. */
  waiters: Map<Entry, After['outcome']> | undefined
}

/** All jobs, and the few orders in which they are looked for. Every change of a job goes through here. */
export class Tables {
  readonly cells = new Map<string, StoredCell>()
  /** How many jobs became due because all that they waited for had ended. */
  released = 0
  /** In the order of their insert. */
  readonly #entries = new Map<string, Entry>()
  readonly #keys = new Map<string, Entry>()
  /** What waits or runs, under each priority. */
  readonly #lines = new Map<number, SortedList<Entry>>()
  readonly #running = new Set<Entry>()
  #lastOrder = 0

  add(job: Job): Entry {
    const order = ++this.#lastOrder
    const lists = { items: [], itemPlaces: new Map(), logs: [], waiters: undefined }
    const entry = { job, order, claimId: null, claimPlace: 0, seq: 0, ...lists }
    this.#entries.set(job.id, entry)
    if (job.key !== null) this.#keys.set(keyOf(job), entry)
    this.#place(entry)
    return entry
  }

  change(entry: Entry, changes: Partial<Job>): void {
    const stays = !('state' in changes || 'dueAt' in changes || 'priority' in changes)
    if (!stays) this.#displace(entry)
    entry.job = { ...entry.job, ...changes }
    if (!stays) this.#place(entry)
  }

  remove(entry: Entry): void {
    this.#displace(entry)
    this.#entries.delete(entry.job.id)
    if (entry.job.key !== null) this.#keys.delete(keyOf(entry.job))
  }

  has(entry: Entry): boolean {
    return this.#entries.get(entry.job.id) === entry
  }

  find(id: string): Entry | undefined {
    return this.#entries.get(id)
  }

  /** The job that has the id of this one, or else its key. */
  sameAs(job: Job): Entry | undefined {
    return this.#entries.get(job.id) ?? (job.key === null ? undefined : this.#keys.get(keyOf(job)))
  }

  get oldestFirst(): Entry[] {
    return [...this.#entries.values()]
  }

  get running(): Iterable<Entry> {
    return this.#running
  }

  /** What may be claimed, were it not for full lanes, in the order of claiming. */
  due(now: number, order: ClaimRequest['order'] = 'priority'): Iterable<Entry> {
    const lines = [...this.#lines].sort(([one], [other]) => other - one)
    const dueOf = lines.map(([, line]) => dueIn(line, now))
    return order === 'age' ? merged(dueOf, longestDueFirst) : chained(dueOf)
  }

  #place(entry: Entry) {
    const { state } = entry.job
    if (isInLine(state)) this.#lineOf(entry).add(entry)
    if (state === 'running') this.#running.add(entry)
  }

  #displace(entry: Entry) {
    if (isInLine(entry.job.state)) this.#leaveLine(entry)
    this.#running.delete(entry)
  }

  #leaveLine(entry: Entry) {
    const line = this.#lineOf(entry)
    line.remove(entry)
    if (line.isEmpty) this.#lines.delete(entry.job.priority)
  }

  #lineOf({ job: { priority } }: Entry) {
    const line = this.#lines.get(priority) ?? new SortedList<Entry>(longestDueFirst)
    this.#lines.set(priority, line)
    return line
  }
}

/** By the store's clock, the holder of the newest token may still write. */
export function isHeld({ state, dueAt }: Job, now: number): boolean {
  return state === 'running' && now < dueAt
}

function longestDueFirst(one: Entry, other: Entry): number {
  return one.job.dueAt - other.job.dueAt || one.order - other.order
}

function* dueIn(line: Iterable<Entry>, now: number): Generator<Entry> {
  for (const entry of line) {
    if (entry.job.dueAt > now) return
    yield entry
  }
}

/** What leaves the store: nothing that its owner does to it comes back. */
export function copyOf({ job }: Entry): Job {
  return { ...job, tags: [...job.tags], progress: { ...job.progress } }
}

function isInLine(state: Job['state']) {
  return state === 'waiting' || state === 'running'
}

/** As JSON, for no two names may run into each other. */
function keyOf({ processor, tenant, key }: Job) {
  return JSON.stringify([processor, tenant, key])
}
