import { z } from 'zod'
import { allows } from '../access/access.js'
import { answer } from '../answer/answer.js'
import { type Route, route } from '../router/route.js'
import { empty } from '../schema/common.js'
import { stats } from '../schema/group.js'
import { jobFilterQuery } from '../schema/job.js'
import type { RouteDeps } from './deps.js'
import { filterOf } from './filter.js'

const health = z.looseObject({ status: z.enum(['healthy', 'degraded', 'unhealthy']) })

/** How all of it is. */
export function systemRoutes({ runner }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/stats',
      needs: 'read',
      summary: 'Counts jobs per state, with their progress added up',
      query: jobFilterQuery,
      answers: { 200: { description: 'The counts', schema: stats } },
      respond: async ({ query, access }) => answer(await runner.stats(filterOf(query, access))),
    }),

    route({
      method: 'GET',
      path: '/health',
      needs: 'read',
      summary: 'Says whether jobs can be worked; the details are for the role admin',
      query: empty,
      answers: {
        200: { description: 'It works', schema: health },
        503: { description: 'It does not', schema: health },
      },
      async respond({ access }) {
        const { status, ...details } = await runner.health()
        const body = allows(access, 'admin') ? { status, ...details } : { status }
        return answer(body, { status: status === 'unhealthy' ? 503 : 200 })
      },
    }),

    route({
      method: 'GET',
      path: '/metrics',
      needs: 'admin',
      summary: 'Counters and gauges of this process as Prometheus text',
      query: empty,
      answers: { 200: { description: 'Prometheus text', type: 'text/plain' } },
      respond: async () =>
        answer(await runner.metrics(), { headers: { 'content-type': 'text/plain; version=0.0.4' } }),
    }),
  ]
}
