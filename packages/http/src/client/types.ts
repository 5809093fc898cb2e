import type {
  AnyProcessor,
  EnqueueOptions,
  InputOf,
  JobDetails,
  JobFilter,
  JobState,
  OutputOf,
} from '@longhaul/core'

/** A job as the routes answer it. `input` is there only where the handler shows it. */
export type RemoteJob<Output = unknown> = Omit<JobDetails<Output>, 'input'> & { readonly input?: unknown }

export type RemoteEnqueued<Output = unknown> = RemoteJob<Output> & {
  /** `false` when a call with the same `idempotencyKey` led to it before. */
  readonly created: boolean
  readonly statusUrl: string
}

/** What of a job may be decided from outside. */
export interface RemoteEnqueueOptions
  extends Pick<EnqueueOptions, 'key' | 'delayMs' | 'priority' | 'correlationId' | 'tags' | 'deadlineMs'> {
  /** ISO 8601 with its offset. */
  readonly runAt?: string
  /** A call that is repeated with it makes one job. */
  readonly idempotencyKey?: string
}

export interface ListOptions
  extends Pick<JobFilter, 'lane' | 'tenant' | 'key' | 'correlationId' | 'tag' | 'group'> {
  readonly state?: JobState | readonly JobState[]
  readonly processor?: string | readonly string[]
  readonly queue?: string | readonly string[]
  /** From 1 to 100. @defaultValue 50 */
  readonly limit?: number
  /** `next` of the page before. */
  readonly after?: string
}

/** The names of processors, and the one of a name. */
export type NameOf<Processors extends readonly AnyProcessor[]> = Processors[number]['name']
export type Named<Processors extends readonly AnyProcessor[], Name> =
  string extends NameOf<Processors> ? AnyProcessor : Extract<Processors[number], { readonly name: Name }>

export type RemoteInput<Processors extends readonly AnyProcessor[], Name> =
  string extends NameOf<Processors> ? unknown : InputOf<Named<Processors, Name>>
export type RemoteOutput<Processors extends readonly AnyProcessor[], Name> =
  string extends NameOf<Processors> ? unknown : OutputOf<Named<Processors, Name>>
