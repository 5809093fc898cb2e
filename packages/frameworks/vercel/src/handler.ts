import type { Runner } from '@longhaul/core'
import { createHandler, type HandlerOptions } from '@longhaul/http'
import { vercelContext } from './context.js'
import { type VercelWorkOptions, vercelWork } from './work.js'

export interface VercelOptions extends Omit<HandlerOptions, 'work'> {
  /** Where the function is, as browsers see it: `/api/jobs`. */
  readonly basePath: string
  readonly work?: Omit<VercelWorkOptions, 'basePath'>
}

/**
 * The routes as a Vercel function: `export default { fetch: longhaul(runner, { … }) }`.
 *
 * @throws {OptionsError} without `authorize`.
 */
export function longhaul(
  runner: Runner,
  { work, ...options }: VercelOptions,
): (request: Request) => Promise<Response> {
  const { basePath } = options
  const handler = createHandler(runner, { ...options, work: vercelWork({ ...work, basePath }) })
  return request => handler(request, vercelContext(request))
}
