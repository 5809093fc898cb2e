import { createControl, type RetryOptions } from './client/control.js'
import {
  createProducer,
  type Enqueued,
  type EnqueuedRef,
  type PreparedJob,
  type Via,
} from './client/producer.js'
import { createReader, type ItemView, type JobList, type LogView } from './client/reader.js'
import type { JobDetails } from './client/view.js'
import type { WaitOptions, WatchOptions } from './client/watch.js'
import { systemClock, systemRandom } from './clock.js'
import { createGates } from './engine/gates.js'
import { createWorker, type Worker } from './engine/worker.js'
import type { EnqueueOptions } from './enqueue-options.js'
import { createEvents, type RunnerEvents } from './events.js'
import { codecsIn } from './payload/codec.js'
import { createKeep } from './payload/keep.js'
import { openedStore } from './payload/opened-store.js'
import { createSealer } from './payload/sealer.js'
import type { AnyProcessor, InputOf, OutputOf } from './processor/types.js'
import { createRedactor, noRedaction } from './redact/index.js'
import { byName, checkInteger, checkRunnerOptions, type RunnerOptions } from './runner-options.js'
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

  get(id: string): Promise<JobDetails | undefined>
  /** The newest first. */
  list(filter?: JobFilter, page?: Page): Promise<JobList>
  /** How many jobs match, per state, their progress added up, and when the next one is due. */
  stats(filter?: JobFilter): Promise<Counts>
  /** The items of a job that failed or were skipped, oldest first. */
  items(id: string, page?: Page): Promise<RecordPage<ItemView>>
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
  pause(id: string): Promise<JobDetails>
  resume(id: string): Promise<JobDetails>
  /** Tries a job again that failed, was cancelled, or completed with errors. */
  retry(id: string, options?: RetryOptions): Promise<JobDetails>
  /** Makes a waiting job due now. */
  promote(id: string): Promise<JobDetails>
  /** Deletes one bounded chunk of ended jobs, and answers how many. */
  prune(rule: RetentionRule): Promise<number>

  /** Works due jobs until `stop`. */
  start(): Promise<void>
  /**
   * Claims nothing more. Handlers that watch `shouldYield`, and items, stop at once; the others are told to shortly
   * before `graceMs` is over, and what still runs then is given back from its last checkpoint.
   */
  stop(options?: StopOptions): Promise<void>
  /** One bounded pass: works until nothing is due, or a limit is reached. */
  work(options?: WorkOptions): Promise<WorkReport>

  /** Calls `listener` until the answer is called. */
  on<Event extends keyof RunnerEvents>(event: Event, listener: RunnerEvents[Event]): () => void
  /** Opens the store. Everything but {@link Runner.insert} does so by itself. */
  open(): Promise<void>
  /** Stops, and closes the store. */
  close(options?: StopOptions): Promise<void>
}

export interface StopOptions {
  /** @defaultValue 25_000 */
  readonly graceMs?: number
}

export interface WorkOptions {
  /** How long the pass may take. Items stop in time to be saved; what still runs at the end is given back. */
  readonly budgetMs?: number
  /** How many jobs it may claim. */
  readonly maxJobs?: number
  /** How many items, over all jobs, it may work; a batch in flight may go a little beyond. */
  readonly maxItems?: number
}

export interface WorkReport {
  /** How many slices were worked. */
  readonly slices: number
  /** When to look again: 0 for now (also when a limit ended the pass), `null` when nothing waits. */
  readonly dueInMs: number | null
}

type TargetOf<Processors extends readonly AnyProcessor[]> = Processors[number] | Processors[number]['name']

type ProcessorAt<Processors extends readonly AnyProcessor[], Target> = Target extends string
  ? Extract<Processors[number], { readonly name: Target }>
  : Target

/**
 * @throws {OptionsError} when an option is out of range or two processors share a name.
 */
export function createRunner<const Processors extends readonly AnyProcessor[]>(
  options: RunnerOptions<Processors>,
): Runner<Processors> {
  checkRunnerOptions(options)
  const { concurrency = 10, leaseMs = 30_000, pollMs = 1_000, clock = systemClock } = options
  const { queues, random = systemRandom, payloadLimit = 262_144 } = options
  const sealer = createSealer(codecsIn(options.codec))
  const store = sealer ? openedStore(options.store, sealer) : options.store
  const keep = createKeep(sealer, payloadLimit)
  const processors = byName(options.processors)
  const redactor = options.redact === false ? noRedaction : createRedactor(options.redact)
  const events = createEvents(() => clock.now(), redactor)
  const opened = once(() => store.open())
  const shared = {
    store,
    processors,
    sealer,
    keep,
    clock,
    opened,
    now: () => clock.now(),
    onChange: events.onJob,
  }
  const producer = createProducer({ ...shared, onEnqueued: events.enqueued })
  const passes = new Set<Worker>()
  let started: { worker: Worker; ready: Promise<void>; ended: Promise<unknown> } | undefined

  function worker(limits?: Parameters<typeof createWorker>[1]): Worker {
    const gates = sharedGates()
    const prepare = async (name: string, input: unknown, more: object) =>
      (await producer.prepare(name, input, more)).job
    const own = { random, gates, prepare, redact: redactor.text, notify: events.notify }
    return createWorker({ ...shared, ...own, queues, concurrency, leaseMs, pollMs }, limits)
  }
  const sharedGates = lazily(() => createGates(store, { clock, random }))

  async function stop({ graceMs = 25_000 }: StopOptions = {}): Promise<void> {
    const stopping = [...passes, ...(started ? [started.worker] : [])].map(worker => worker.stop(graceMs))
    const ended = started?.ended
    started = undefined
    await Promise.all([...stopping, ended])
  }

  function start(): Promise<void> {
    if (started) return started.ready
    const endless = worker()
    const ready = opened()
    const ended = ready.then(endless.run).catch(() => {
      started = undefined
    })
    started = { worker: endless, ready, ended }
    return ready
  }

  async function work({ budgetMs, maxJobs, maxItems }: WorkOptions = {}): Promise<WorkReport> {
    for (const [option, value] of Object.entries({ budgetMs, maxJobs, maxItems })) {
      if (value !== undefined) checkInteger(option, value, 1, Number.MAX_SAFE_INTEGER)
    }
    await opened()
    const deadline = budgetMs === undefined ? undefined : clock.now() + budgetMs
    const pass = worker({ untilIdle: true, deadline, maxJobs, maxItems })
    passes.add(pass)
    const { slices, idle } = await pass.run().finally(() => passes.delete(pass))
    return { slices, dueInMs: idle ? await nextDueInMs() : 0 }
  }

  /** The pass is done whether this can be told or not; "now" makes the caller look again. */
  async function nextDueInMs(): Promise<number | null> {
    try {
      const under = { states: ['waiting', 'running'], processors: [...processors.keys()] } as const
      return (await store.count(under)).dueInMs
    } catch (error) {
      events.notify({ type: 'error', error })
      return 0
    }
  }

  const runner = {
    ...producer,
    ...createReader(shared),
    ...createControl(shared),
    waitFor: (job: string | { id: string }, wait?: WaitOptions) =>
      createReader(shared).waitFor(typeof job === 'string' ? job : job.id, wait),
    on: events.on,
    open: opened,
    stop,
    work,
    start,

    async close(how?: StopOptions) {
      await stop(how)
      await store.close()
    },
  }
  return runner as unknown as Runner<Processors>
}

/** Does it at the first call; all calls share the answer. A failure is tried again by the next call. */
function once(open: () => Promise<void>): () => Promise<void> {
  let opening: Promise<void> | undefined
  return () => {
    opening ??= open().catch(error => {
      opening = undefined
      throw error
    })
    return opening
  }
}

function lazily<Value>(make: () => Value): () => Value {
  let value: Value | undefined
  return () => (value ??= make())
}
