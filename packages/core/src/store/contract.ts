import type { FollowUp, ItemRecord, Job, JobHead, JobState, JobWork, LogLine, NewJob } from './job.js'

/**
 * Where jobs live between two slices of work. A store keeps, the core decides: a store knows no retry,
 * no backoff and no rate.
 *
 * Three promises hold for every method. A write is fenced: it changes a job only while the token it carries
 * is the newest and its lease still runs. A call can be repeated with the same arguments, for its reply may be
 * lost after it was applied. The store's clock alone decides leases and due times: durations cross the line,
 * and the only instants that do are those that a person named.
 *
 * Any string may hold any UTF-16 code unit, also NUL and lone surrogates, and comes back unchanged.
 *
 * @throws {StoreError} from every method, when the store can't be reached or refuses; then the outcome of a
 * write is unknown, and to repeat it is safe.
 */
export interface Store {
  readonly name: string

  /** Creates or migrates what the store needs. Many processes may call it at once, and more than once. */
  open(): Promise<void>

  /**
   * Adds jobs in order, all or none, and answers with the stored job for each. Where a job with the same id, or
   * with the same key of the same processor and tenant, is there already, that one is the answer and stays as it is.
   * A job with `after` is stored as `blocked`; as `waiting`, when it waits for nobody any more; as `cancelled`, when one
   * of those has ended otherwise than it needs. Each id there is that of a stored job, or of one earlier in the call
   * and then means the job that is the answer to it.
   *
   * @throws {StoreError} `invalid_transaction`, when `via` is not a transaction of this store; `unknown_job`, when a
   * new job waits for one that is neither stored nor earlier in the call.
   */
  insert(jobs: readonly NewJob[], via?: Transaction): Promise<readonly Job[]>

  /**
   * Takes up to `limit` due jobs as `running`, by priority, then the longest due first, then in the order of
   * their insert; atomic across processes. Each gets a token above all its earlier ones and a lease. A running
   * job whose lease ended is due again, and `crashes` counts it. A lane that is full hides nobody behind it.
   * A second call with the same `claimId` answers with what the first one gave and is still held, in the same order;
   * only if that is nothing does it take anew.
   */
  claim(request: ClaimRequest): Promise<readonly Job[]>

  /**
   * Writes over held jobs, each on its own: one that is refused does not stop the others. What belongs to one
   * write (patch, follow-up jobs, item records, log lines) is stored together or not at all, and all of a call
   * is durable when it resolves. With a job that ends, those that waited for it alone are released: `blocked` becomes
   * `waiting`, and the due time stays. Those that needed another end are cancelled, where they are `blocked` or `paused`,
   * and so on for those that wait for these; they still count it in `waitsFor`, for a retry. A write whose `seq` is not above the last one of its token was applied before:
   * it is accepted again, and changes nothing.
   *
   * @throws {StoreError} `write_refused`, at once and before it returns, where `via` is a synchronous transaction and a write
   * is refused: the answer would come when that has been committed.
   */
  commit(writes: readonly Write[], via?: Transaction): Promise<readonly Committed[]>

  /**
   * Carries a wish from outside to the jobs that match, as `wishes` says, and answers how many it changed.
   * A held job keeps `cancel` or `pause` as its `wish` (a cancel outranks a pause, `resume` takes a pause back);
   * every other job moves at once, also a running one whose lease ended. A wish that nobody carried out before the
   * lease ended is there for the next holder. `resume` keeps the due time. `retry` makes a job due now and clears
   * `attempts`, `crashes` and `endedAt`; `promote` makes a waiting job due now. Where `resume` or `retry` lead to
   * `waiting`, a job that still waits for others becomes `blocked`. A job that ends releases others as with `commit`.
   * `move` changes queue and priority of every job that matches, whatever its state.
   */
  request(wish: Wish, of: JobFilter): Promise<number>

  get(id: string): Promise<Job | undefined>

  /** The newest insert first. Pages by position, so that a job which comes or goes never moves the others. */
  list(filter: JobFilter, page: Page): Promise<JobPage>

  /** How many jobs match, per state, and their progress added up. */
  count(filter: JobFilter): Promise<Counts>

  /** What was recorded with the commits of a job, oldest first; a replaced item keeps its place. */
  records(jobId: string, kind: 'items', page: Page): Promise<RecordPage<ItemRecord>>
  records(jobId: string, kind: 'logs', page: Page): Promise<RecordPage<StoredLogLine>>

  /**
   * Deletes the oldest ended jobs that the rule names with all their records: one bounded chunk. Answers how many.
   * A job that another one still waits for is kept.
   */
  prune(rule: RetentionRule): Promise<number>

  /** A small named value with a version. One that was never written has version 0 and the value `null`. */
  cell(name: string): Promise<Cell>

  /**
   * Replaces a cell if its version is still `change.version`; otherwise answers `undefined`, and nothing changed.
   * Repeated with the same `change.id` right after it was applied, it answers the same cell again.
   */
  swap(name: string, change: CellChange): Promise<Cell | undefined>

  /** Calls `wake` soon after jobs became due, from any process it can hear. A hint: the core polls all the same. */
  listen?(wake: () => void): Promise<() => Promise<void>>

  /**
   * Whether those who listen may poll less often just now. True only while hints are known to arrive, and if also jobs
   * wake that become due with time: within `soonMs` of a claim through this store that gave nothing, or of what set
   * the time.
   */
  hears?(): boolean

  /** Lets go of everything that the store itself opened. Safe to call twice; later calls are refused (`store_closed`). */
  close(): Promise<void>
}

/** The caller's own open transaction or connection, as the store's documentation names it. */
export type Transaction = object

/** What a worker asks for. */
export interface ClaimRequest {
  /** New for every claim; the same when a claim is repeated. */
  readonly claimId: string
  readonly processors: readonly string[]
  /** All queues when absent. */
  readonly queues?: readonly string[]
  /** None when absent. */
  readonly exceptQueues?: readonly string[]
  /** `age`: the longest due first, whatever the priority. `priority` when absent. */
  readonly order?: 'priority' | 'age'
  /** At least 1. */
  readonly limit: number
  readonly leaseMs: number
}

/** One write by the holder of a job. */
export interface Write {
  readonly id: string
  readonly token: number
  /** Starts at 1 for each token and grows with every write. */
  readonly seq: number
  readonly patch: Patch
  /** Jobs that exist if, and only if, this write does. */
  readonly follow?: readonly FollowUp[]
  readonly items?: readonly ItemRecord[]
  readonly logs?: readonly LogLine[]
}

/** What is absent stays as it is. Values are absolute, never sums. */
export interface Patch extends Partial<JobWork> {
  /**
   * Absent: the job stays held. Otherwise its holder lets go of it; a wish that is still pending is carried out
   * in place of `waiting` (a cancel in place of `paused` too), and is gone where the job ends.
   */
  readonly state?: Exclude<JobState, 'running' | 'blocked'>
  /** For a job that stays held: its lease now ends this much later than now. */
  readonly leaseMs?: number
  /** For a job that goes back to `waiting`: due this much later than now. 0 when absent. */
  readonly delayMs?: number
}

/** What became of one write. */
export interface Committed {
  readonly accepted: boolean
  /** Where the job stands now: for a refused write, by what its newest holder or a wish made of it. `undefined` when it is gone. */
  readonly job: Standing | undefined
}

/** What a store decides about a job when its holder writes; the rest the holder knows, for it wrote it. */
export type Standing = Pick<Job, 'state' | 'token' | 'wish' | 'dueAt' | 'endedAt'>

/** What someone outside wants. `retry` may put a cursor and fresh progress in place of the old. */
export type Wish =
  | { readonly kind: 'cancel' | 'pause' | 'resume' | 'promote' }
  | { readonly kind: 'retry'; readonly work?: Partial<Pick<JobWork, 'cursor' | 'memo' | 'progress'>> }
  | { readonly kind: 'move'; readonly queue?: string; readonly priority?: number }

/** All given fields must match; a list matches any of its members; an empty filter matches every job. */
export interface JobFilter {
  readonly ids?: readonly string[]
  readonly states?: readonly JobState[]
  readonly processors?: readonly string[]
  readonly queues?: readonly string[]
  readonly lane?: string
  readonly tenant?: string
  readonly key?: string
  readonly correlationId?: string
  readonly tag?: string
  readonly group?: string
}

/** Which part of a list is asked for. */
export interface Page {
  /** From 1 to 1_000. */
  readonly limit: number
  /** `next` of the page before: up to 18 decimal digits, whatever they count. */
  readonly after?: string
}

/** A part of a list of jobs. */
export interface JobPage {
  readonly jobs: readonly JobHead[]
  /** `null` at the end. */
  readonly next: string | null
}

/** A part of what was recorded with a job. */
export interface RecordPage<Item> {
  readonly records: readonly Item[]
  /** To be passed as `after` for the next page; `null` at the end. */
  readonly next: string | null
}

/** A log line as it is kept. */
export interface StoredLogLine extends LogLine {
  /** Epoch milliseconds by the store's clock. */
  readonly at: number
}

/** How many jobs match a filter, and how far they are. */
export interface Counts {
  readonly states: Readonly<Record<JobState, number>>
  /** Sums over the jobs that match; `total` adds up the known ones. */
  readonly progress: {
    readonly done: number
    readonly failed: number
    readonly skipped: number
    readonly total: number
  }
  /**
   * How long until the next waiting job or lease end among them is due; below 0 by how long the longest due has been so
   * already; `null` without any.
   */
  readonly dueInMs: number | null
  /** The first claim among them; always `null` unless the filter names a `group`. */
  readonly startedAt: number | null
}

/** Which ended jobs one call of `prune` deletes. */
export interface RetentionRule {
  /** Only ended states are pruned. */
  readonly states: readonly Extract<
    JobState,
    'completed' | 'completed_with_errors' | 'failed' | 'cancelled'
  >[]
  /** In milliseconds, from the end of the job. */
  readonly olderThanMs: number
  /** All when absent. */
  readonly processors?: readonly string[]
  /** The size of the chunk, from 1 to 10_000. */
  readonly limit: number
}

/** A cell as it was read. */
export interface Cell {
  readonly value: string | null
  /** Grows by one at each swap. */
  readonly version: number
  /** The store's clock when it answered, epoch milliseconds. */
  readonly now: number
}

/** What a cell is to hold, if nobody has changed it meanwhile. */
export interface CellChange {
  /** New for every change; the same when a change is repeated. */
  readonly id: string
  /** The version that was read. */
  readonly version: number
  readonly value: string | null
}
