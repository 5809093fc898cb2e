import type { Clock } from '@longhaul/core'
import { versionOf } from '../answer/version.js'

export interface ChangesOptions {
  readonly clock: Clock
  readonly pollMs: number
  readonly signal: AbortSignal
}

/** Looks again and again, and gives what it sees whenever that has changed. */
export async function* changesOf<View extends object>(
  look: () => Promise<View>,
  { clock, pollMs, signal }: ChangesOptions,
): AsyncGenerator<View, void, undefined> {
  let known = ''
  while (!signal.aborted) {
    const view = await look()
    const version = versionOf(view)
    if (version !== known) yield view
    known = version
    await clock.sleep(pollMs, { signal, background: true, unref: true })
  }
}

export async function* shownAs<View, Shown>(views: AsyncIterable<View>, show: (view: View) => Shown) {
  for await (const view of views) yield show(view)
}
