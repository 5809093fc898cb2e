/** What the other side refused, with the code that it gave. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly status: number
  /** Stable, as `job_not_found`; `unreadable` for an answer that is not longhaul's. */
  readonly code: string
  /** All members of the problem details. */
  readonly problem: Readonly<Record<string, unknown>>
  readonly retryAfterMs: number | undefined

  constructor(status: number, problem: Readonly<Record<string, unknown>>, retryAfterMs?: number) {
    super(typeof problem.detail === 'string' ? problem.detail : `The server answered ${status}.`)
    this.status = status
    this.code = typeof problem.code === 'string' ? problem.code : 'unreadable'
    this.problem = problem
    this.retryAfterMs = retryAfterMs
  }
}

export async function errorOf(response: Response): Promise<RequestError> {
  const problem = await response.json().catch(() => ({}))
  return new RequestError(response.status, Object(problem), retryAfterMsOf(response))
}

export function retryAfterMsOf({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined
}
