import { isLonghaulError } from '@longhaul/core'
import { HttpError } from '@longhaul/http'
import { json } from './json.js'

export interface Call {
  readonly request: Request
  readonly params: Readonly<Record<string, string>>
}

/** By method and path, as `'GET /api/jobs/:id/status'`. */
export type Routes = Readonly<Record<string, (call: Call) => Promise<Response>>>

/** One function for all of them. What is refused is answered as `{ error }`. */
export function serve(routes: Routes): (request: Request) => Promise<Response> {
  return async request => {
    try {
      return await respond(routes, request)
    } catch (error) {
      const { status, message } = refusalOf(error)
      return json({ error: message }, status)
    }
  }
}

async function respond(routes: Routes, request: Request): Promise<Response> {
  const asked = `${request.method} ${new URL(request.url).pathname}`.split('/')
  for (const [route, answer] of Object.entries(routes)) {
    const params = paramsOf(route.split('/'), asked)
    if (params) return answer({ request, params })
  }
  throw new HttpError(404, 'not_found', 'Not found')
}

function paramsOf(route: readonly string[], asked: readonly string[]): Record<string, string> | undefined {
  const fits = route.length === asked.length && route.every((part, at) => isParam(part) || part === asked[at])
  if (!fits) return undefined
  return Object.fromEntries(
    route.flatMap((part, at) => (isParam(part) ? [[part.slice(1), decoded(asked[at] ?? '')]] : [])),
  )
}

const isParam = (part: string) => part.startsWith(':')

/** What is wrongly encoded is taken as it is: nothing has such an id. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const statuses: Readonly<Record<string, number>> = {
  invalid_input: 400,
  job_not_found: 404,
  group_not_found: 404,
  wrong_state: 409,
  store_unavailable: 503,
  store_busy: 503,
}

/** What was said on purpose, and of anything else nothing. */
function refusalOf(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof HttpError) return error
  const status = isLonghaulError(error) ? statuses[error.code] : undefined
  if (status === undefined) console.error(error)
  if (status === undefined || status >= 500) return { status: status ?? 500, message: 'Something went wrong' }
  return { status, message: (error as Error).message }
}
