import { HttpError } from '../answer/http-error.js'
import type { HandlerContext } from '../router/context.js'
import { inBackground } from './background.js'
import type { WorkRouteOptions } from './options.js'
import { createPass } from './pass.js'
import { createWorkRoute, type WorkDeps } from './route.js'

export const workPath = '/work'

type SideDeps = Omit<WorkDeps, 'options'> & { readonly options: WorkRouteOptions | undefined }

/** The side that works: by a call, and behind the answer to whoever made work. */
export function createWorkSide({ options, ...deps }: SideDeps) {
  if (!options) return { respond: noRoute, async soon() {} }
  const { clock, onError } = deps
  const pass = createPass({ ...deps, options })

  return {
    respond: createWorkRoute({ ...deps, options }, pass),

    /**
     * By a pass that is under way here, else behind the answer, else in an invocation of its own; else cron will find it. Many
     * who enqueue at once make one pass, not many.
     */
    async soon(context: HandlerContext): Promise<void> {
      if (pass.lookAgain()) return
      const startedAt = clock.now()
      const isBegun = inBackground(context, () => pass.run(context, startedAt, 0), onError)
      if (!isBegun) await pass.startNext(0)
    },
  }
}

async function noRoute(): Promise<Response> {
  throw new HttpError(404, 'not_found', 'There is nothing at this address.')
}
