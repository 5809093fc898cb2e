/** What `promise` rejected with; `undefined` if it did not. */
export function problemOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    error => error ?? new Error('no reason given'),
  )
}
