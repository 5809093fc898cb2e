import { LonghaulError } from '../store/index.js'
import type { Next } from './types.js'

type Hook<Subject> = (subject: Subject, next: Next) => Promise<unknown>

/** Does a piece of work, and gives what it gives. */
export type Around<Subject> = <Result>(subject: Subject, work: () => Promise<Result>) => Promise<Result>

/** `undefined` when there is none: then nothing is to be wrapped. The first is the outermost. */
export function around<Subject>(hooks: readonly (Hook<Subject> | undefined)[]): Around<Subject> | undefined {
  const given = hooks.filter(hook => hook !== undefined)
  if (given.length === 0) return undefined
  return <Result>(subject: Subject, work: () => Promise<Result>) => {
    const wrap = (inner: () => Promise<Result>, hook: Hook<Subject>) => () => pass(hook, subject, inner)
    return throwingAtOnce(work, whole => given.reduceRight(wrap, whole)())
  }
}

/** What a piece of work throws at once, it throws at once when it is wrapped: a synchronous transaction must hear of it. */
function throwingAtOnce<Result>(
  work: () => Promise<Result>,
  wrapped: (work: () => Promise<Result>) => Promise<Result>,
): Promise<Result> {
  let thrown: { readonly error: unknown } | undefined
  const working = wrapped(() => {
    try {
      return work()
    } catch (error) {
      thrown = { error }
      throw error
    }
  })
  if (!thrown) return working
  working.catch(() => {})
  throw thrown.error
}

/** Reaches the work before it returns, if the hook does. */
async function pass<Subject, Result>(
  hook: Hook<Subject>,
  subject: Subject,
  work: () => Promise<Result>,
): Promise<Result> {
  let working: Promise<Result> | undefined
  await hook(subject, () => {
    working ??= begun(work)
    return working
  })
  if (working) return working
  throw notCalled()
}

/** It may fail while nobody listens any more. */
function begun<Result>(work: () => Promise<Result>): Promise<Result> {
  const working = (async () => work())()
  working.catch(() => {})
  return working
}

function notCalled(): LonghaulError {
  const message =
    'A middleware returned without calling next(). Call it, or throw what is to be told: what it wraps has not been done.'
  return new LonghaulError('next_not_called', message)
}
