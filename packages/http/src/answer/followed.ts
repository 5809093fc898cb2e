import { answer, empty } from './answer.js'
import { etagOf, isKnown } from './version.js'

/** A view that is asked for again and again: with its ETag, and 304 where that is known already. */
export function answerFollowed(
  request: Request,
  view: object,
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers = { ...more, etag: etagOf(view) }
  return isKnown(request, headers.etag) ? empty(304, headers) : answer(view, { headers })
}
