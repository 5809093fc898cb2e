import { uuidv7 } from 'uuidv7'
import type { EnqueuedRef, PreparedJob, Via } from '../client/producer.js'
import type { EnqueueOptions } from '../enqueue-options.js'
import { OptionsError } from '../errors.js'
import type { ProcessorAt, TargetOf } from '../processor/target.js'
import type { AnyProcessor, InputOf, OutputOf } from '../processor/types.js'
import type { Transaction } from '../store/index.js'

/** A job of a group. It may wait for others of it, and others for it. */
export type MemberOptions = Omit<EnqueueOptions, 'group'>

/** A job that will be there once its group is enqueued. Name it in `after` of those that wait for it. */
export interface Member<Output = unknown> {
  readonly id: string
  /** Carries the type of the output; never there at run time. */
  readonly types?: { readonly output: Output }
}

/** A group that was stored. */
export interface EnqueuedGroup {
  readonly id: string
  /** In the order in which they were added; the finishing job last. */
  readonly jobs: readonly EnqueuedRef[]
}

/** Puts jobs together that are one operation: they are stored at once, and are followed and asked as one. */
export interface GroupBuilder<Processors extends readonly AnyProcessor[] = readonly AnyProcessor[]> {
  /** To find it by in `runner.groups`. */
  readonly id: string
  /** Nothing is checked or stored yet. */
  add<const Target extends TargetOf<Processors>>(
    target: Target,
    input: InputOf<ProcessorAt<Processors, Target>>,
    options?: MemberOptions,
  ): Member<OutputOf<ProcessorAt<Processors, Target>>>
  /** The job that runs when all others of the group have ended, however they did. At most one. */
  finish<const Target extends TargetOf<Processors>>(
    target: Target,
    input: InputOf<ProcessorAt<Processors, Target>>,
    options?: Omit<MemberOptions, 'after'>,
  ): Member<OutputOf<ProcessorAt<Processors, Target>>>
  /**
   * Stores all jobs, or none.
   *
   * @throws {InputError} when an input does not fit, {@link OptionsError} for a bad option or a group without jobs,
   * {@link StoreError} `unknown_job` when one waits for a job that is not there, or is added later.
   */
  enqueue(options?: Via): Promise<EnqueuedGroup>
  /** Checks all jobs and stores none, for `runner.insert` inside a synchronous transaction. */
  prepare(): Promise<readonly PreparedJob[]>
}

interface Planned {
  readonly id: string
  readonly target: AnyProcessor | string
  readonly input: unknown
  readonly options: EnqueueOptions
}

interface BuilderDeps {
  prepareAs(
    id: string,
    target: AnyProcessor | string,
    input: unknown,
    options: EnqueueOptions,
  ): Promise<PreparedJob>
  opened(): Promise<void>
  insert(prepared: readonly PreparedJob[], via?: Transaction): Promise<readonly EnqueuedRef[]>
}

const mostJobs = 10_000

export function createGroupBuilder({ prepareAs, opened, insert }: BuilderDeps, id: string = uuidv7()) {
  const members: Planned[] = []
  let finisher: Planned | undefined

  function planned(target: AnyProcessor | string, input: unknown, options: MemberOptions = {}): Planned {
    return { id: uuidv7(), target, input, options: { ...options, group: id } }
  }

  function add(target: AnyProcessor | string, input: unknown, options?: MemberOptions): Member {
    const member = planned(target, input, options)
    members.push(member)
    return { id: member.id }
  }

  function finish(target: AnyProcessor | string, input: unknown, options?: MemberOptions): Member {
    if (finisher) throw new OptionsError('finish', 'a group has one finishing job')
    finisher = planned(target, input, options)
    return { id: finisher.id }
  }

  async function prepare(): Promise<readonly PreparedJob[]> {
    if (members.length === 0 || members.length > mostJobs)
      throw new OptionsError('group', `must have from 1 to ${mostJobs} jobs, not ${members.length}`)
    const last = finisher ? [afterAll(finisher, members)] : []
    return Promise.all(
      [...members, ...last].map(job => prepareAs(job.id, job.target, job.input, job.options)),
    )
  }

  return {
    id,
    add,
    finish,
    prepare,

    async enqueue({ via }: Via = {}): Promise<EnqueuedGroup> {
      const prepared = await prepare()
      await opened()
      return { id, jobs: await insert(prepared, via) }
    },
  }
}

function afterAll(finisher: Planned, members: readonly Planned[]): Planned {
  const after = { jobs: members, outcome: 'ended' } as const
  return { ...finisher, options: { ...finisher.options, after } }
}
