import type { HandlerContext } from '../router/context.js'

/**
 * Begins `work` so that it goes on behind the answer. Answers whether the platform takes care of it: where it does not, nothing
 * has begun.
 */
export function inBackground(
  { waitUntil }: HandlerContext,
  work: () => Promise<unknown>,
  onError: (error: unknown) => void,
): boolean {
  if (!waitUntil) return false
  let begin = () => {}
  const begun = new Promise<void>(resolve => {
    begin = resolve
  })
  try {
    waitUntil(begun.then(work).catch(onError))
  } catch (error) {
    onError(error)
    return false
  }
  begin()
  return true
}
