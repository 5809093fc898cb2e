import { isEnded, type JobState } from '@longhaul/core/store'
import { type Access, scopeOf } from '../access/access.js'
import { empty as emptyAnswer, safeHeaders } from '../answer/answer.js'
import { shownJob } from '../answer/shown.js'
import { versionOf } from '../answer/version.js'
import { changesOf, shownAs } from '../events/changes.js'
import { createConnections } from '../events/connections.js'
import { createFeeds } from '../events/feed.js'
import type { EventsOptions } from '../events/options.js'
import { eventStream } from '../events/stream.js'
import { deadlineOf } from '../router/context.js'
import { type Call, type Route, route } from '../router/route.js'
import { empty } from '../schema/common.js'
import { ownJob, type RouteDeps } from './deps.js'
import { ownGroup } from './groups.js'

/** Something that can be followed, named by a key that says whose it is. */
interface Followed {
  readonly path: string
  readonly summary: string
  readonly event: string
  keyOf(call: Call): string
  /** As it is now. @throws {HttpError} 404 */
  find(call: Call): Promise<object>
  watch(key: string, signal: AbortSignal): AsyncIterable<object>
}

interface GroupKey {
  readonly id: string
  readonly tenant?: string
}

const keptBeforeDeadlineMs = 2_000

/** What happens, as it happens: whichever process did it, as the store is looked at. */
export function eventRoutes(deps: RouteDeps, options: EventsOptions): readonly Route[] {
  const { runner, clock, shown } = deps
  const { pollMs = 500, heartbeatMs = 15_000, maxMs = 300_000 } = options
  const connections = createConnections(options.connections ?? {})

  function stream({ request, access, context }: Call, event: string, follow: ReturnType<Feeds['follow']>) {
    const leftMs = deadlineOf(context) - clock.now() - keptBeforeDeadlineMs
    const body = eventStream({
      ...{ event, follow, clock, heartbeatMs, idOf: versionOf },
      lastId: lastIdOf(request),
      maxMs: Math.max(0, Math.min(maxMs, leftMs)),
      onClose: connections.take(subjectOf(access)),
    })
    return new Response(body, { headers: { ...safeHeaders, 'content-type': 'text/event-stream' } })
  }

  function followed({ path, summary, event, keyOf, find, watch }: Followed): Route {
    const feeds: Feeds = createFeeds(watch)
    return route({
      ...{ method: 'GET', path, needs: 'read', summary, query: empty },
      answers: {
        200: { description: `Events \`${event}\``, type: 'text/event-stream' },
        204: { description: 'It is over, and the last event was told already' },
      },
      async respond(call) {
        const view = await find(call)
        if (isOver(view) && lastIdOf(call.request) === versionOf(view)) return emptyAnswer(204)
        return stream(call, event, feeds.follow(keyOf(call)))
      },
    })
  }

  return [
    followed({
      path: '/jobs/:id/events',
      summary: 'Tells each change of a job until it has ended',
      event: 'job',
      keyOf: ({ params }) => params.id ?? '',
      find: async ({ params, access }) => shownJob(await ownJob(runner, params.id ?? '', access), shown),
      watch: (id, signal) => shownAs(runner.watch(id, { pollMs, signal }), job => shownJob(job, shown)),
    }),

    followed({
      path: '/groups/:id/events',
      summary: 'Tells each change of a group until all of it has ended',
      event: 'group',
      keyOf: ({ params, access }) => JSON.stringify({ id: params.id, ...scopeOf(access) }),
      find: ({ params, access }) => ownGroup(runner, params.id ?? '', access),
      watch(key, signal) {
        const { id, ...scope } = JSON.parse(key) as GroupKey
        return runner.groups.watch(id, { pollMs, signal, ...scope })
      },
    }),

    followed({
      path: '/events',
      summary: 'Tells the counts of all jobs as they change',
      event: 'stats',
      keyOf: ({ access }) => JSON.stringify(scopeOf(access)),
      find: ({ access }) => runner.stats(scopeOf(access)),
      watch: (scope, signal) => changesOf(() => runner.stats(JSON.parse(scope)), { clock, pollMs, signal }),
    }),
  ]
}

type Feeds = ReturnType<typeof createFeeds<object>>

/** An event source that connects again after the end learns by 204 that it need not. */
function isOver(view: object): boolean {
  const { state } = view as { state?: JobState }
  return state !== undefined && isEnded(state)
}

function lastIdOf({ headers }: Request): string | undefined {
  return headers.get('last-event-id') ?? undefined
}

function subjectOf({ subject, tenant }: Access): string {
  return subject ?? tenant ?? 'everyone'
}
