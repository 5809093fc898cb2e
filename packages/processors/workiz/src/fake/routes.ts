import type { WorkizJob, WorkizRecord } from '../client/types.js'
import type { RecordedCall } from './calls.js'
import { listJobs } from './lists.js'
import type { GoneAs, WorkizProfile } from './profile.js'
import { empty, json, type Reply } from './reply.js'

/** What the fake account holds. Change it between calls to play a change at Workiz. */
export interface FakeState {
  readonly jobs: Map<string, WorkizJob>
  readonly goneAs: Map<string, GoneAs>
  readonly leads: WorkizRecord[]
  readonly team: WorkizRecord[]
  readonly timeOff: WorkizRecord[]
}

export interface RouteContext {
  readonly state: FakeState
  readonly profile: WorkizProfile
  readonly authSecret: string
  readonly nowMs: number
}

/** The answer of the API, or `undefined` for a call that it does not have. Paths need their trailing slash. */
export function route(
  { method, path, search, body }: RecordedCall,
  context: RouteContext,
): Reply | undefined {
  const { state, profile, nowMs } = context
  const uuid = /^job\/get\/([^/]+)\/$/.exec(path)?.[1]
  if (`${method} ${path}` === 'POST job/update/') return updateJob(body, context)
  if (method !== 'GET') return undefined
  if (uuid !== undefined) return getJob(decodeURIComponent(uuid), context)
  if (path === 'job/all/') return list(listJobs(state.jobs.values(), search, profile, nowMs), profile)
  if (path === 'lead/all/')
    return list({ data: state.leads, has_more: false, found: state.leads.length }, profile)
  if (path === 'team/all/') return json(state.team)
  if (path === 'TimeOff/get/') return json(state.timeOff)
  return undefined
}

export const forbidden = (): Reply =>
  json({ success: false, error: 'Forbidden', message: 'Invalid API path or malformed API key.' }, 403)

export const wrongPath = (): Reply => json({ error: true, code: 404, msg: 'Invalid end point' }, 404)

function list(
  page: { data: readonly WorkizRecord[]; has_more: boolean; found: number },
  { envelope }: WorkizProfile,
) {
  if (envelope === 'observed') return json({ flag: true, ...page, code: 200 })
  return json(page.data.map(data => ({ flag: true, data })))
}

function getJob(uuid: string, { state, profile }: RouteContext): Reply {
  const job = state.jobs.get(uuid)
  if (!job) return gone(state.goneAs.get(uuid) ?? profile.goneAs, profile)
  return json(profile.envelope === 'observed' ? { flag: true, data: [job] } : [{ flag: true, data: job }])
}

function gone(goneAs: GoneAs, { envelope }: WorkizProfile): Reply {
  if (goneAs === 204) return empty(204)
  if (goneAs === 404) return json({ error: true, code: 404, msg: 'Job not found' }, 404)
  const body =
    goneAs === 'empty-array' ? { flag: true, data: [] } : { flag: false, msg: 'Job not found', code: 200 }
  return json(envelope === 'observed' ? body : [body])
}

function updateJob(body: unknown, { state, authSecret }: RouteContext): Reply {
  const { auth_secret, UUID, ...changes } = (body ?? {}) as Record<string, unknown>
  if (auth_secret !== authSecret)
    return json({ error: true, code: 401, msg: 'Missing or wrong auth_secret' }, 401)
  const job = state.jobs.get(String(UUID))
  if (!job) return json({ error: true, code: 400, msg: 'Unknown job' }, 400)
  state.jobs.set(job.UUID, { ...job, ...changes })
  return json({
    flag: true,
    data: [{ UUID, ClientId: job.ClientId, link: `https://example.com/job/${job.UUID}` }],
  })
}
