import type { Bulk } from './client/bulk.js'
import type { WatchOptions } from './client/changes.js'
import type { GateControl } from './client/gates.js'
import type { Place } from './client/place.js'
import type { Enqueued, EnqueuedRef, PreparedJob, Via } from './client/producer.js'
import type { ItemView, JobList, LogView } from './client/reader.js'
import type { RetryOptions } from './client/retry.js'
import type { JobDetails } from './client/view.js'
import type { WaitOptions } from './client/watch.js'
import type { StopOptions, WorkOptions, WorkReport } from './engine/workers.js'
import type { EnqueueOptions } from './enqueue-options.js'
import type { RunnerEvents } from './events.js'
import type { GroupBuilder, Groups } from './group/index.js'
import type { Health } from './health/index.js'
import type { Pausing } from './pauses/index.js'
import type { ProcessorView } from './processor/catalog.js'
import type { ProcessorAt, TargetOf } from './processor/target.js'
import type { AnyProcessor, InputOf, OutputOf } from './processor/types.js'
import type { FlagControl, Routed, RouteOptions } from './routing/index.js'
import type { Schedules } from './schedule/index.js'
import type { Counts, JobFilter, Page, RecordPage, RetentionRule, Transaction } from './store/index.js'

/** Enqueues jobs, works them, and tells how they are. */
export interface Runner<Processors extends readonly AnyProcessor[] = readonly AnyProcessor[]> {
  /**
   * Stores a job; when this resolves, it is durable. `target` is a processor or its name.
   *
   * @throws {InputError} when the input does not fit, {@link OptionsError} for a bad option: then nothing is stored.
   */
  enqueue<const Target extends TargetOf<Processors>>(
    target: Target,
    input: InputOf<ProcessorAt<Processors, Target>>,
    options?: EnqueueOptions & Via,
  ): Promise<Enqueued<OutputOf<ProcessorAt<Processors, Target>>>>

  /** As {@link Runner.enqueue}, for many jobs at once: all are stored, in order, or none. */
  enqueueMany<const Target extends TargetOf<Processors>>(
    target: Target,
    jobs: readonly (EnqueueOptions & { readonly input: InputOf<ProcessorAt<Processors, Target>> })[],
    options?: Via,
  ): Promise<readonly EnqueuedRef<OutputOf<ProcessorAt<Processors, Target>>>[]>

  /**
   * Sends work to a job where the flags of its trigger say so, and does it at once by `options.fallback` where they do not,
   * or where the job can't be stored. After a store that failed, the job may be there all the same: give it a `key`, and
   * let the fallback be safe to repeat.
   *
   * @throws {InputError} when the input does not fit, {@link OptionsError} for a bad option; and what the fallback throws.
   */
  route<const Target extends TargetOf<Processors>, Result>(
    trigger: string,
    target: Target,
    input: InputOf<ProcessorAt<Processors, Target>>,
    options: RouteOptions<Result>,
  ): Promise<Routed<OutputOf<ProcessorAt<Processors, Target>>, Result>>

  /** Checks a job and stores nothing: the first half of an `enqueue`, for use before a synchronous transaction. */
  prepare<const Target extends TargetOf<Processors>>(
    target: Target,
    input: InputOf<ProcessorAt<Processors, Target>>,
    options?: EnqueueOptions,
  ): Promise<PreparedJob<OutputOf<ProcessorAt<Processors, Target>>>>

  /**
   * Stores prepared jobs. It reaches the store before it returns, so inside a synchronous transaction (`via`) the
   * jobs are part of it; await the answer after it. The store must be open: see {@link Runner.open}.
   */
  insert<Output>(
    prepared: readonly PreparedJob<Output>[],
    via?: Transaction,
  ): Promise<readonly EnqueuedRef<Output>[]>

  /**
   * Begins a group: jobs of one operation that are stored at once, may wait for each other, and are followed as one.
   *
   * @param id Of your choice, to find it by. @defaultValue a new one
   */
  group(id?: string): GroupBuilder<Processors>
  /** Groups that were enqueued. */
  readonly groups: Groups

  /** `undefined` when no such job is kept. */
  get(id: string): Promise<JobDetails | undefined>
  /** The newest first. @throws {OptionsError} for a page that can't be. */
  list(filter?: JobFilter, page?: Page): Promise<JobList>
  /** How many jobs match, per state, their progress added up, and when the next one is due. */
  stats(filter?: JobFilter): Promise<Counts>
  /** The items of a job that failed or were skipped, oldest first. */
  items(id: string, page?: Page): Promise<RecordPage<ItemView>>
  /** The lines that its handler kept, oldest first: at most 1,000. */
  logs(id: string, page?: Page): Promise<RecordPage<LogView>>
  /** Gives the job now and after each change, until it ends. */
  watch(id: string, options?: WatchOptions): AsyncIterable<JobDetails>
  /**
   * The output of a job, once it has completed.
   *
   * @throws {JobUnfinishedError} when it ends otherwise, or not in time.
   */
  waitFor<Output>(job: Enqueued<Output> | EnqueuedRef<Output>, options?: WaitOptions): Promise<Output>
  waitFor(id: string, options?: WaitOptions): Promise<unknown>

  /** @throws {JobStateError} when it has ended otherwise already. A running job stops at its next save. */
  cancel(id: string): Promise<JobDetails>
  /** Keeps it from running until it is resumed; one that runs stops at its next save. @throws {JobStateError} when it has ended. */
  pause(id: string): Promise<JobDetails>
  /** Lets a paused job go on, due when it was due. @throws {JobStateError} when it has ended. */
  resume(id: string): Promise<JobDetails>
  /** Tries a job again that failed, was cancelled, or completed with errors. */
  retry(id: string, options?: RetryOptions): Promise<JobDetails>
  /** Makes a waiting job due now. */
  promote(id: string): Promise<JobDetails>
  /** Puts a job, whatever its state, into another queue, or gives it another priority, or both. */
  move(id: string, to: Place): Promise<JobDetails>
  /** The same for all jobs that match a filter, up to a limit. */
  readonly bulk: Bulk
  /** Deletes one bounded chunk of ended jobs, and answers how many. */
  prune(rule: RetentionRule): Promise<number>

  /** Jobs that are made again and again: to make, change and show them at run time. */
  readonly schedules: Schedules<Processors[number]>
  /** The limits on outbound calls: how they stand, and what a person can do to them. */
  readonly gates: GateControl
  /** Whether work goes to jobs, per trigger. */
  readonly flags: FlagControl
  /** Queues that no worker claims from for the time being. */
  readonly queues: Pausing
  /** Processors whose jobs no worker claims for the time being. */
  readonly processors: Pausing

  /** The processors that it was given, with what their inputs must fit. */
  catalog(): readonly ProcessorView[]
  /**
   * Whether this is the first call with `id`, over all processes on the store, in the last `forMs`: so that what may
   * arrive twice is done once. Of more than 500 ids at a time the oldest are forgotten.
   */
  firstTime(id: string, forMs: number): Promise<boolean>

  /** Works due jobs until `stop`. */
  start(): Promise<void>
  /**
   * Claims nothing more. Handlers that watch `shouldYield`, and items, stop at once; the others are told to shortly
   * before `graceMs` is over, and what still runs then is given back from its last checkpoint.
   */
  stop(options?: StopOptions): Promise<void>
  /** One bounded pass: works until nothing is due, or a limit is reached. */
  work(options?: WorkOptions): Promise<WorkReport>
  /**
   * Does what `start` and `work` do beside the jobs, and works none: makes the jobs of schedules that are due, and prunes
   * for up to five seconds.
   *
   * @throws what went wrong, once the rest is done.
   */
  tick(): Promise<TickReport>

  /**
   * Counters and gauges of this process as Prometheus text (format 0.0.4, `text/plain; version=0.0.4`). Never rejects: while
   * the store can't be reached, `longhaul_store_up` is 0.
   */
  metrics(): Promise<string>
  /** How the workers, the store, the queue and the process are. Never rejects: what is wrong is part of the answer. */
  health(): Promise<Health>

  /** Calls `listener` until the answer is called. */
  on<Event extends keyof RunnerEvents>(event: Event, listener: RunnerEvents[Event]): () => void
  /** Opens the store. Everything but {@link Runner.insert} does so by itself. */
  open(): Promise<void>
  /** Stops, and closes the store. */
  close(options?: StopOptions): Promise<void>
}

/** What one tick did. */
export interface TickReport {
  /** How many jobs schedules led to. */
  readonly enqueued: number
  /** How many ended jobs were deleted. */
  readonly pruned: number
  /** How long until the next slot of a schedule; `null` when none is to come. */
  readonly dueInMs: number | null
}
