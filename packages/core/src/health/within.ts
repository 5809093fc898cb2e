import type { Clock } from '../clock.js'
import { LonghaulError } from '../store/index.js'

/** Work that has so long. @throws {LonghaulError} `no_answer`, when it takes longer; it goes on unheard. */
export async function within<Result>(ms: number, clock: Clock, work: Promise<Result>): Promise<Result> {
  const over = new AbortController()
  const late = clock.sleep(ms, { signal: over.signal, background: true, unref: true }).then(() => {
    throw new LonghaulError(
      'no_answer',
      `The store gave no answer within ${ms} ms. It, or the way to it, is down or overloaded.`,
    )
  })
  late.catch(() => {})
  return Promise.race([work, late]).finally(() => over.abort())
}
