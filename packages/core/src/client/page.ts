import { checkInteger } from '../check-integer.js'
import { OptionsError } from '../errors.js'
import type { Page } from '../store/index.js'

/** @throws {OptionsError} for a limit out of range, and for an `after` that no page gave. */
export function checkedPage(page: Page): Page {
  checkInteger('limit', page.limit, 1, 1_000)
  if (page.after === undefined || /^\d{1,18}$/.test(page.after)) return page
  throw new OptionsError('after', 'is not the `next` of a page')
}
