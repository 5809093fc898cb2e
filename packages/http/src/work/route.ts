import type { Clock, Runner } from '@longhaul/core'
import type { Guard } from '../access/guard.js'
import { bearerOf, isOneOf } from '../access/secrets.js'
import { answer } from '../answer/answer.js'
import { HttpError } from '../answer/http-error.js'
import type { HandlerContext } from '../router/context.js'
import { inBackground } from './background.js'
import type { HandOverCall, WorkRouteOptions } from './options.js'
import type { Pass } from './pass.js'
import { goodForMs, handOverHeader, verify } from './signature.js'

export interface WorkDeps {
  readonly runner: Pick<Runner, 'work' | 'stats' | 'catalog' | 'firstTime'>
  readonly clock: Clock
  readonly guard: Guard
  readonly options: WorkRouteOptions
  onError(error: unknown): void
}

/**
 * What cron and the app itself call, by GET or POST: it works. `authorize` is not asked, as no person calls it; a secret or a
 * signature opens it. What it answers is a {@link PassReport}, or 202 where it goes on behind the answer.
 */
export function createWorkRoute({ runner, clock, guard, options, onError }: WorkDeps, pass: Pass) {
  const { secrets } = options

  /** `undefined` for cron. @throws {HttpError} 401, 429 */
  function callerOf(request: Request, { client }: HandlerContext): HandOverCall | undefined {
    guard.refuseGuesser(client)
    if (isOneOf(secrets, bearerOf(request))) return undefined
    const call = verify(request.headers.get(handOverHeader), secrets, clock.now())
    return request.method === 'POST' && call ? call : guard.fail(client)
  }

  return async function respond(request: Request, context: HandlerContext): Promise<Response> {
    const startedAt = clock.now()
    if (!methods.includes(request.method)) throw notAllowed()
    const call = callerOf(request, context)
    if (call && !(await runner.firstTime(`hand-over ${call.id}`, 2 * goodForMs))) {
      return answer({ repeated: true }, { status: 202 })
    }
    const work = () => pass.run(context, startedAt, call?.depth ?? 0)
    if (inBackground(context, work, onError)) return answer({ working: true }, { status: 202 })
    return answer(await work())
  }
}

const methods = ['GET', 'POST']

function notAllowed(): HttpError {
  return new HttpError(405, 'method_not_allowed', 'Work is asked for by GET or POST.', {
    headers: { allow: methods.join(', ') },
  })
}
