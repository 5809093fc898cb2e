import type { JobDetails, Page, RecordPage } from '@longhaul/core'
import { isEnded } from '@longhaul/core/store'
import { answer } from '../answer/answer.js'
import { answerFollowed } from '../answer/followed.js'
import { only, shownItem, shownJob } from '../answer/shown.js'
import { type Answers, type Route, route } from '../router/route.js'
import { items, jobQuery, jobs, jobsQuery, logs, pageQuery, someOfJob } from '../schema/job.js'
import { ownJob, type RouteDeps } from './deps.js'
import { defined, filterOf } from './filter.js'

/** What was recorded with a job, page by page. */
interface Records<View> {
  readonly what: 'items' | 'logs'
  readonly summary: string
  readonly answered: Answers
  read(id: string, page: Page): Promise<RecordPage<View>>
  show(view: View): unknown
}

/** The side that looks. */
export function jobRoutes({ runner, clock, shown }: RouteDeps): readonly Route[] {
  const records = <View>({ what, summary, answered, read, show }: Records<View>) =>
    route({
      ...{ method: 'GET', path: `/jobs/:id/${what}`, needs: 'read', summary, query: pageQuery },
      answers: { 200: answered },
      async respond({ request, params, query: { limit, after }, access }) {
        const { id } = await ownJob(runner, params.id ?? '', access)
        const page = await read(id, { limit, ...defined({ after }) })
        const body = { ...page, records: page.records.map(show) }
        return answer(body, { headers: linkTo(request, page.next) })
      },
    })

  return [
    route({
      method: 'GET',
      path: '/jobs',
      needs: 'read',
      summary: 'Lists jobs, the newest first',
      query: jobsQuery,
      answers: { 200: { description: 'A page of jobs', schema: jobs } },
      async respond({ request, query, access }) {
        const { limit, after, fields } = query
        const page = await runner.list(filterOf(query, access), { limit, ...defined({ after }) })
        const body = { ...page, jobs: page.jobs.map(job => only(shownJob(job, shown), fields)) }
        return answer(body, { headers: linkTo(request, page.next) })
      },
    }),

    route({
      method: 'GET',
      path: '/jobs/:id',
      needs: 'read',
      summary: 'Shows one job, with its output once it has completed',
      query: jobQuery,
      answers: {
        200: { description: 'The job', schema: someOfJob },
        304: { description: 'Nothing happened since the ETag that was sent along' },
      },
      async respond({ request, params, query, access }) {
        const job = await ownJob(runner, params.id ?? '', access)
        const view = only(shownJob(job, shown), query.fields)
        return answerFollowed(request, view, retryAfter(job, clock.now()))
      },
    }),

    records({
      what: 'items',
      summary: 'Lists the items that failed or were skipped, oldest first',
      answered: { description: 'A page of items', schema: items },
      read: runner.items,
      show: item => shownItem(item, shown),
    }),
    records({
      what: 'logs',
      summary: 'Lists what the job has logged, oldest first',
      answered: { description: 'A page of lines', schema: logs },
      read: runner.logs,
      show: line => line,
    }),
  ]
}

/** Where the next page is, as RFC 8288 says it. */
function linkTo(request: Request, next: string | null): Record<string, string> {
  if (next === null) return {}
  const url = new URL(request.url)
  url.searchParams.set('after', next)
  return { link: `<${url.pathname}${url.search}>; rel="next"` }
}

const shortestWait = 1
const longestWait = 60

/** In how many seconds it is worth asking again; nothing for a job that has ended. */
export function retryAfter(job: JobDetails, now: number): { 'retry-after'?: string } {
  if (isEnded(job.state)) return {}
  const dueIn = job.state === 'waiting' ? (Date.parse(job.dueAt) - now) / 1_000 : shortestWait
  return { 'retry-after': `${Math.round(Math.min(longestWait, Math.max(shortestWait, dueIn)))}` }
}
