import { HttpError } from '../answer/http-error.js'

export interface ConnectionLimits {
  /** Of all. @defaultValue 1_000 */
  readonly total?: number
  /** Of one subject, see `Access`. @defaultValue 250 */
  readonly perSubject?: number
}

/** Counts what is open in this process. */
export function createConnections({ total = 1_000, perSubject = 250 }: ConnectionLimits) {
  const open = new Map<string, number>()
  let all = 0

  function close(subject: string): void {
    const left = (open.get(subject) ?? 1) - 1
    all -= 1
    if (left === 0) open.delete(subject)
    else open.set(subject, left)
  }

  return {
    open: () => all,

    /** Answers how to give the place back, once. @throws {HttpError} 503, 429 */
    take(subject: string): () => void {
      if (all >= total) throw full(503, 'The server has as many open event streams as it takes.')
      const own = open.get(subject) ?? 0
      if (own >= perSubject) throw full(429, 'You have as many open event streams as you may.')
      open.set(subject, own + 1)
      all += 1
      let given = false
      return () => {
        if (!given) close(subject)
        given = true
      }
    },
  }
}

function full(status: number, detail: string): HttpError {
  const headers = { 'retry-after': '10' }
  return new HttpError(status, 'too_many_streams', `${detail} Close one, or ask now and then instead.`, {
    headers,
  })
}
