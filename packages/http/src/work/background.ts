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
  const begun = new Promise(resolve => {
    begin = () => resolve(work())
  })
  try {
    waitUntil(begun.catch(onError))
  } catch (error) {
    onError(error)
    return false
  }
  begin()
  return true
}
