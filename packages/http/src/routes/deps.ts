import type { Clock, EnqueueOptions, JobDetails, Runner } from '@longhaul/core'
import type { Access } from '../access/access.js'
import { HttpError } from '../answer/http-error.js'
import type { Shown } from '../answer/shown.js'
import type { HandlerContext } from '../router/context.js'

/** A job that somebody asks for over HTTP. */
export interface Asked {
  readonly processor: string
  readonly input: unknown
  readonly access: Access
  readonly request: Request
}

/**
 * The app's say before a job is enqueued: it throws an {@link HttpError} to refuse, or answers what else the job is to
 * have, such as its lane, queue or group. It is asked before the input is checked.
 */
export type BeforeEnqueue = (asked: Asked) => EnqueueOptions | undefined | Promise<EnqueueOptions | undefined>

/** What the routes work with. */
export interface RouteDeps {
  readonly runner: Runner
  readonly clock: Clock
  readonly shown: Shown
  readonly beforeEnqueue: BeforeEnqueue | undefined
  /** Works what was enqueued, behind the answer, where the platform allows it. */
  workSoon(context: HandlerContext): Promise<void>
}

/** @throws {HttpError} 404, also for a job of another tenant: whether it exists is not told. */
export async function ownJob(runner: Runner, id: string, { tenant }: Access): Promise<JobDetails> {
  const job = await runner.get(id)
  if (job && (tenant === null || job.tenant === tenant)) return job
  throw new HttpError(404, 'job_not_found', 'There is no such job. It never existed, or was pruned.')
}
