import type { Verdict } from './classify.js'
import { WorkizError, type WorkizErrorScope } from './errors.js'
import type { ListQuery } from './types.js'

/** One call, described without the token: `path` is what messages show. */
export interface Call {
  readonly path: string
  readonly search: string
  /** What a failure of this call spoils, unless its kind says otherwise. */
  readonly scope: WorkizErrorScope
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export function listSearch({
  startDate,
  offset = 0,
  records = 100,
  onlyOpen = false,
  statuses = [],
}: ListQuery): string {
  const search = new URLSearchParams()
  if (startDate !== undefined) search.set('start_date', startDate)
  search.set('offset', String(offset))
  search.set('records', String(records))
  search.set('only_open', String(onlyOpen))
  for (const status of statuses) search.append('status', status)
  return `?${search}`
}

export function failure({ what, code, ...facts }: Verdict, { path, scope }: Call): WorkizError {
  return new WorkizError(code, `Workiz: GET ${path} ${what}.`, { scope, ...facts })
}
