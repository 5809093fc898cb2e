import { type Clock, StoreError } from '@longhaul/core/store'

/** @throws {StoreError} `store_unavailable`, when there is no answer in time. It may still have its effect. */
export async function inTime<Result>(answer: Promise<Result>, ms: number, clock: Clock): Promise<Result> {
  const answered = new AbortController()
  const late = clock.sleep(ms, { signal: answered.signal, background: true, unref: true })
  const refusal = late.then(() => {
    if (!answered.signal.aborted) throw tooLate(ms)
  })
  try {
    return (await Promise.race([answer, refusal])) as Result
  } finally {
    answered.abort()
  }
}

function tooLate(ms: number): StoreError {
  return new StoreError('store_unavailable', 'redis', `The server did not answer within ${ms} ms.`, {
    retryable: true,
  })
}
