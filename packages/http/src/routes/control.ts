import type { JobDetails } from '@longhaul/core'
import { answer } from '../answer/answer.js'
import { shownJob } from '../answer/shown.js'
import { type Route, route } from '../router/route.js'
import { empty } from '../schema/common.js'
import { job, noBody, retryBody } from '../schema/job.js'
import { ownJob, type RouteDeps } from './deps.js'
import { defined } from './filter.js'

const answers = {
  200: { description: 'The job; its `wish` says what its worker has not seen yet', schema: job },
  409: { description: 'Its state does not allow it; nothing changed' },
}

/** What people ask of a job that is there. */
export function controlRoutes({ runner, shown, workSoon }: RouteDeps): readonly Route[] {
  const show = (view: JobDetails) => answer(shownJob(view, shown))

  const simple = (verb: 'cancel' | 'pause' | 'resume' | 'promote', summary: string) =>
    route({
      ...{
        method: 'POST',
        path: `/jobs/:id/${verb}`,
        needs: 'act',
        summary,
        query: empty,
        body: noBody,
        answers,
      },
      async respond({ context, params, access }) {
        const { id } = await ownJob(runner, params.id ?? '', access)
        const view = await runner[verb](id)
        if (view.state === 'waiting') await workSoon(context)
        return show(view)
      },
    })

  return [
    simple('cancel', 'Cancels a job; a running one stops at its next save'),
    simple('pause', 'Holds a job until it is resumed'),
    simple('resume', 'Lets a paused job go on from its cursor'),
    simple('promote', 'Makes a waiting job due now'),
    route({
      ...{ method: 'POST', path: '/jobs/:id/retry', needs: 'act', query: empty, body: retryBody, answers },
      summary: 'Tries a job again that failed, was cancelled or completed with errors',
      async respond({ context, params, body, access }) {
        const { id } = await ownJob(runner, params.id ?? '', access)
        const view = await runner.retry(id, defined({ only: body?.only }))
        await workSoon(context)
        return show(view)
      },
    }),
  ]
}
