import { OptionsError } from '@longhaul/core'

export interface VercelConfigOptions {
  /** Where the routes are. @defaultValue '/api/jobs' */
  readonly basePath?: string
  /** The file of the function, as a glob. @defaultValue none: Next says it in the file, by `export const maxDuration` */
  readonly file?: string
  /** In seconds, from 1 to 1_800. @defaultValue 300 */
  readonly maxDuration?: number
  /** Five fields in UTC. Once a day is what the Hobby plan takes. @defaultValue every minute */
  readonly schedule?: string
}

/** The piece of `vercel.json` that lets cron call the work route, and gives it time. @throws {OptionsError} */
export function vercelConfig(options: VercelConfigOptions = {}) {
  const { basePath = '/api/jobs', file, maxDuration = 300, schedule = '* * * * *' } = options
  if (!Number.isInteger(maxDuration) || maxDuration < 1 || maxDuration > 1_800) {
    throw new OptionsError('maxDuration', `must be an integer from 1 to 1_800 seconds, not ${maxDuration}`)
  }
  if (schedule.trim().split(/\s+/).length !== 5) {
    throw new OptionsError('schedule', `must be five fields of cron in UTC, not ${JSON.stringify(schedule)}`)
  }
  return {
    ...(file === undefined ? {} : { functions: { [file]: { maxDuration } } }),
    crons: [{ path: `${basePath}/work`, schedule }],
  }
}
