import type { GroupView, Runner } from '@longhaul/core'
import { type Access, scopeOf } from '../access/access.js'
import { answer } from '../answer/answer.js'
import { answerFollowed } from '../answer/followed.js'
import { HttpError } from '../answer/http-error.js'
import { type Route, route } from '../router/route.js'
import { empty } from '../schema/common.js'
import { group } from '../schema/group.js'
import { noBody, retryBody } from '../schema/job.js'
import type { RouteDeps } from './deps.js'
import { defined } from './filter.js'

const answers = { 200: { description: 'The group', schema: group } }

/** Jobs of one operation, followed and asked as one; of a tenant's own jobs alone. */
export function groupRoutes({ runner, workSoon }: RouteDeps): readonly Route[] {
  const { groups } = runner

  const simple = (verb: 'cancel' | 'pause' | 'resume', summary: string) =>
    route({
      ...{ method: 'POST', path: `/groups/:id/${verb}`, needs: 'act', query: empty, body: noBody, answers },
      summary,
      respond: async ({ params, access }) => answer(await groups[verb](params.id ?? '', scopeOf(access))),
    })

  return [
    route({
      ...{ method: 'GET', path: '/groups/:id', needs: 'read', query: empty, answers },
      summary: 'Shows how far a group is',
      respond: async ({ request, params, access }) =>
        answerFollowed(request, await ownGroup(runner, params.id ?? '', access)),
    }),
    simple('cancel', 'Cancels whatever of a group has not ended'),
    simple('pause', 'Holds the jobs of a group'),
    simple('resume', 'Lets the paused jobs of a group go on'),
    route({
      ...{ method: 'POST', path: '/groups/:id/retry', needs: 'act', query: empty, body: retryBody, answers },
      summary: 'Tries again what failed, was cancelled or completed with errors',
      async respond({ context, params, body, access }) {
        const view = await groups.retry(params.id ?? '', {
          ...scopeOf(access),
          ...defined({ only: body?.only }),
        })
        await workSoon(context)
        return answer(view)
      },
    }),
  ]
}

/** @throws {HttpError} 404, also for a group of which all jobs are of other tenants. */
export async function ownGroup({ groups }: Runner, id: string, access: Access): Promise<GroupView> {
  const view = await groups.get(id, scopeOf(access))
  if (view) return view
  throw new HttpError(404, 'group_not_found', 'No job of such a group is kept.')
}
