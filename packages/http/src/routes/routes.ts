import { z } from 'zod'
import { answer } from '../answer/answer.js'
import type { EventsOptions } from '../events/options.js'
import { openApiDocument } from '../openapi/document.js'
import { type Route, route } from '../router/route.js'
import { empty } from '../schema/common.js'
import { controlRoutes } from './control.js'
import type { RouteDeps } from './deps.js'
import { enqueueRoutes } from './enqueue.js'
import { eventRoutes } from './events.js'
import { groupRoutes } from './groups.js'
import { jobRoutes } from './jobs.js'
import { systemRoutes } from './system.js'

/** All routes that people and their programs call, and the document that describes them. */
export function createRoutes(deps: RouteDeps, events: EventsOptions): readonly Route[] {
  const routes: readonly Route[] = [
    ...jobRoutes(deps),
    ...enqueueRoutes(deps),
    ...controlRoutes(deps),
    ...groupRoutes(deps),
    ...systemRoutes(deps),
    ...eventRoutes(deps, events),
    route({
      ...{ method: 'GET', path: '/openapi.json', needs: 'read', query: empty },
      summary: 'Describes all of this',
      answers: { 200: { description: 'An OpenAPI 3.1 document', schema: z.looseObject({}) } },
      respond: async ({ basePath }) => answer(openApiDocument(routes, { basePath, processors })),
    }),
  ]
  const processors = deps.runner.catalog().map(({ name }) => name)
  return routes
}
