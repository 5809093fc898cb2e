import { type Clock, StoreError } from '@longhaul/core/store'

interface Call {
  readonly endsAt: number
  refuse(error: StoreError): void
}

/**
 * Bounds how long each call may wait for its answer. One timer serves all: a timer for each call costs more than
 * all else that the call needs.
 *
 * @returns A function whose promise fails with `store_unavailable` when there is no answer in time. It may still have
 * its effect.
 */
export function timeLimit(ms: number, clock: Clock) {
  const calls = new Set<Call>() // in the order in which they end
  let watching = false

  async function watch() {
    watching = true
    for (let [oldest] = calls; oldest; [oldest] = calls) {
      await clock.sleep(Math.max(1, oldest.endsAt - clock.now()), { background: true, unref: true })
      refuseLate()
    }
    watching = false
  }

  function refuseLate() {
    for (const call of calls) {
      if (call.endsAt > clock.now()) return
      calls.delete(call)
      call.refuse(tooLate(ms))
    }
  }

  return <Result>(answer: Promise<Result>): Promise<Result> =>
    new Promise((resolve, refuse) => {
      const call = { endsAt: clock.now() + ms, refuse }
      calls.add(call)
      answer.then(resolve, refuse).finally(() => calls.delete(call))
      if (!watching) void watch()
    })
}

function tooLate(ms: number): StoreError {
  return new StoreError('store_unavailable', 'redis', `The server did not answer within ${ms} ms.`, {
    retryable: true,
  })
}
