import { uuidv7 } from 'uuidv7'
import { coalesce } from '../coalesce.js'
import { checkFollowUp, type EnqueueOptions, type FollowUpOptions } from '../enqueue-options.js'
import { OptionsError, UnknownProcessorError } from '../errors.js'
import type { KeepPayload } from '../payload/keep.js'
import type { AnyProcessor } from '../processor/types.js'
import {
  type FollowUp,
  isLonghaulError,
  type Job,
  type NewJob,
  type Store,
  type Transaction,
} from '../store/index.js'
import { type MakeJob, newJob } from './new-job.js'
import { type JobDetails, viewJobDetails } from './view.js'

/** The job that an `enqueue` led to. */
export interface Enqueued<Output = unknown> extends JobDetails<Output> {
  /** `false` when a job with the same key was there already, and this is it. */
  readonly created: boolean
}

/** One of many jobs that were enqueued together. */
export interface EnqueuedRef<Output = unknown> {
  readonly id: string
  /** `false` when a job with the same key was there already, and this is it. */
  readonly created: boolean
  /** Carries the type of the output; never there at run time. */
  readonly types?: { readonly output: Output }
}

/** A job that was checked and is not stored yet. */
export interface PreparedJob<Output = unknown> {
  readonly job: NewJob
  /** Carries the type of the output; never there at run time. */
  readonly types?: { readonly output: Output }
}

interface ProducerDeps {
  readonly store: Store
  readonly processors: ReadonlyMap<string, AnyProcessor>
  readonly keep: KeepPayload
  /** Wraps the making of what is to be stored. */
  readonly aroundMaking?: ((make: MakeJob) => MakeJob) | undefined
  now(): number
  opened(): Promise<void>
  onEnqueued(job: Job): void
}

/** The side that asks for work. Types are the runner's. */
export function createProducer(deps: ProducerDeps) {
  const { store, processors } = deps
  const makeUnseen: MakeJob = making => newJob(making, deps.keep)
  const make = deps.aroundMaking?.(makeUnseen) ?? makeUnseen
  const insertTogether = coalesce((jobs: readonly NewJob[]) => store.insert(jobs))

  function prepare(
    target: AnyProcessor | string,
    input: unknown,
    options: EnqueueOptions = {},
  ): Promise<PreparedJob> {
    return prepareAs(uuidv7(), target, input, options)
  }

  /** For a job that others wait for before it is stored. */
  async function prepareAs(
    id: string,
    target: AnyProcessor | string,
    input: unknown,
    options: EnqueueOptions,
  ): Promise<PreparedJob> {
    return { job: await make({ id, processor: find(target), input, options }) }
  }

  /** As `prepare`, for a job that nobody will store. */
  async function check(
    target: AnyProcessor | string,
    input: unknown,
    options: EnqueueOptions,
  ): Promise<PreparedJob> {
    return { job: await makeUnseen({ id: uuidv7(), processor: find(target), input, options }) }
  }

  async function prepareFollowUp(
    target: string,
    input: unknown,
    options: FollowUpOptions,
  ): Promise<FollowUp> {
    checkFollowUp(options)
    return make({ id: uuidv7(), processor: find(target), input, options })
  }

  /** For an input that was checked when it was given. If it fits no more, its job fails where that is seen: as it runs. */
  async function prepareAnyway(
    target: string,
    input: unknown,
    options: EnqueueOptions = {},
  ): Promise<PreparedJob> {
    return prepare(target, input, options).catch(async error => {
      if (!isLonghaulError(error) || error.code !== 'invalid_input') throw error
      return { job: await make({ id: uuidv7(), processor: unchecked(find(target)), input, options }) }
    })
  }

  function find(target: AnyProcessor | string): AnyProcessor {
    const name = typeof target === 'string' ? target : target.name
    const processor = processors.get(name)
    if (processor) return processor
    throw new UnknownProcessorError(name, [...processors.keys()])
  }

  /** Reaches the store before it returns, so that it fits into a synchronous transaction. */
  function insert(prepared: readonly PreparedJob[], via?: Transaction): Promise<EnqueuedRef[]> {
    const inserting = store.insert(
      prepared.map(({ job }) => job),
      via,
    )
    return inserting.then(jobs => jobs.map((job, index) => enqueued(job, prepared[index]?.job)))
  }

  function enqueued(stored: Job, asked: NewJob | undefined): EnqueuedRef {
    const created = stored.id === asked?.id
    if (created) deps.onEnqueued(stored)
    return { id: stored.id, created }
  }

  /** Shares its round trip with others; where that fails, it is tried alone, so that no other job can fail it. */
  async function insertOne(job: NewJob, via: Transaction | undefined): Promise<Job> {
    const stored = via ? undefined : await insertTogether(job).catch(() => undefined)
    return stored ?? ((await store.insert([job], via))[0] as Job)
  }

  return {
    prepare,
    prepareAs,
    check,
    prepareAnyway,
    prepareFollowUp,
    insert,

    async enqueue(
      target: AnyProcessor | string,
      input: unknown,
      { via, ...options }: EnqueueOptions & Via = {},
    ) {
      const { job } = await prepare(target, input, options)
      await deps.opened()
      const stored = await insertOne(job, via)
      return Object.assign(viewJobDetails(stored, deps.now()), enqueued(stored, job))
    },

    async enqueueMany(target: AnyProcessor | string, jobs: readonly ManyJob[], { via }: Via = {}) {
      if (jobs.length === 0) return []
      const prepared = await Promise.all(jobs.map(({ input, ...options }) => prepare(target, input, options)))
      assertDistinctKeys(prepared)
      await deps.opened()
      return insert(prepared, via)
    },
  }
}

/** Where jobs are stored together with data of yours. */
export interface Via {
  /** Your own open transaction of the same database: the job is stored with it, or not at all. */
  readonly via?: Transaction
}

type ManyJob = EnqueueOptions & { readonly input: unknown }

/** Takes any input, and chooses no lane by it. */
function unchecked(processor: AnyProcessor): AnyProcessor {
  const policies = { ...processor.policies, lane: undefined }
  return { ...processor, policies, parse: async input => input }
}

/** Two jobs of one call with one key can only be a mistake. */
function assertDistinctKeys(prepared: readonly PreparedJob[]): void {
  const seen = new Set<string>()
  for (const { job } of prepared) {
    if (job.key === null) continue
    const id = JSON.stringify([job.tenant, job.key])
    if (seen.has(id)) throw new OptionsError('key', `"${job.key}" stands on two jobs of one call`)
    seen.add(id)
  }
}
