import type { Enqueued, Via } from '../client/producer.js'
import type { EnqueueOptions } from '../enqueue-options.js'
import { OptionsError } from '../errors.js'
import type { AnyProcessor } from '../processor/types.js'
import { isLonghaulError } from '../store/index.js'
import { checkTrigger, type Flags, type RoutedBecause, refusal } from './flags.js'

/** Why the fallback runs. */
export interface FallbackContext {
  readonly because: RoutedBecause | 'enqueue_failed'
  /** What the store threw, after `enqueue_failed`. */
  readonly error?: unknown
}

/** Those of `enqueue`, for the job; and what is done where none is made. */
export interface RouteOptions<Result> extends Omit<EnqueueOptions, 'trigger'>, Via {
  /** Does the work where no job does: now, in this process. */
  readonly fallback: (context: FallbackContext) => Result | Promise<Result>
  /** Whom a percentage counts. @defaultValue `key`, else `tenant`, else `correlationId`, else each call by itself */
  readonly rolloutKey?: string
}

/** What became of work that was routed. */
export type Routed<Output, Result> =
  | { readonly by: 'job'; readonly job: Enqueued<Output> }
  | { readonly by: 'fallback'; readonly because: FallbackContext['because']; readonly result: Result }

interface RouteDeps {
  /** As `enqueue`, without storing anything. */
  check(target: AnyProcessor | string, input: unknown, options: EnqueueOptions): Promise<unknown>
  enqueue(target: AnyProcessor | string, input: unknown, options: EnqueueOptions & Via): Promise<Enqueued>
  flags(): Promise<Flags>
  /** From 0 to 1. */
  random(): number
}

/**
 * Sends work to a job where the flags say so, and to the fallback where they do not, or where the job can't be stored.
 * What is wrong with the work itself is thrown: the fallback would not mend it.
 */
export function createRoute({ check, enqueue, flags, random }: RouteDeps) {
  return async <Result>(
    trigger: string,
    target: AnyProcessor | string,
    input: unknown,
    { fallback, rolloutKey, ...options }: RouteOptions<Result>,
  ): Promise<Routed<unknown, Result>> => {
    checkTrigger(trigger)
    if (typeof fallback !== 'function') throw new OptionsError('fallback', 'must be a function')
    const because = refusal(await flags(), trigger, rolloutKey ?? keyOf(options) ?? `${random()}`)
    if (because) {
      const { via: _, ...rest } = options
      await check(target, input, { ...rest, trigger })
      return instead({ because })
    }
    try {
      return { by: 'job', job: await enqueue(target, input, { ...options, trigger }) }
    } catch (error) {
      if (!isOfStore(error)) throw error
      return instead({ because: 'enqueue_failed', error })
    }

    async function instead(context: FallbackContext): Promise<Routed<unknown, Result>> {
      return { by: 'fallback', because: context.because, result: await fallback(context) }
    }
  }
}

function keyOf({ key, tenant, correlationId }: Omit<EnqueueOptions, 'trigger'>): string | undefined {
  return key ?? tenant ?? correlationId
}

/** Whatever is not an error of longhaul comes from a driver. */
function isOfStore(error: unknown): boolean {
  return !isLonghaulError(error) || ('store' in error && error.code !== 'unknown_job')
}
