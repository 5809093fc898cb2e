import { checkInteger } from '../check-integer.js'
import { checkNames } from '../check-names.js'
import type { Progress } from '../store/index.js'

/** How far a job says that it is. */
export type Reported = Partial<Pick<Progress, 'done' | 'total'>>

/** What is given of it. @throws {OptionsError} unless that is whole numbers of at least 0; an unknown total is `null`. */
export function checkedReport(given: Reported): Reported {
  checkNames('progress.', given, ['done', 'total'])
  const { done, total } = given
  if (done !== undefined) checkCount('done', done)
  if (total !== undefined && total !== null) checkCount('total', total)
  return { ...(done === undefined ? {} : { done }), ...(total === undefined ? {} : { total }) }
}

function checkCount(name: string, count: number): void {
  checkInteger(`progress.${name}`, count, 0, Number.MAX_SAFE_INTEGER)
}
