import type { GroupView, JobDetails, Runner } from '@longhaul/core'
import { type Access, type Authorize, HttpError, type Role } from '@longhaul/http'

/** Asks who it is, at every request. @throws {HttpError} 401, 403 */
export async function admit(request: Request, authorize: Authorize, role: Role): Promise<Access> {
  const access = await authorize(request, {})
  if (!access) throw new HttpError(401, 'unauthorized', 'Unauthorized')
  if (access.roles.includes(role) || access.roles.includes('admin')) return access
  throw new HttpError(403, 'forbidden', 'Forbidden')
}

/** Whose jobs are meant, as an option of `enqueue` and a member of filters. */
export function scopeOf({ tenant }: Access): { readonly tenant?: string } {
  return tenant === null ? {} : { tenant }
}

/** @throws {HttpError} 404, also for a job of somebody else. */
export async function ownJob(runner: Runner, id: string, { tenant }: Access): Promise<JobDetails> {
  const job = await runner.get(id)
  if (job && (tenant === null || job.tenant === tenant)) return job
  throw new HttpError(404, 'job_not_found', 'Job not found')
}

/** @throws {HttpError} 404 */
export async function ownGroup(runner: Runner, id: string, access: Access): Promise<GroupView> {
  const group = await runner.groups.get(id, scopeOf(access))
  if (group) return group
  throw new HttpError(404, 'group_not_found', 'Operation not found')
}
