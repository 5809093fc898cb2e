import { createRunner, memoryStore } from '../src/index.js'
import type { AnyProcessor } from '../src/processor/types.js'
import type { RunnerOptions } from '../src/runner-options.js'
import type { Store } from '../src/store/index.js'
import { type FakeClock, fakeClock } from '../src/testing/index.js'

type More<Processors extends readonly AnyProcessor[]> = Partial<
  Omit<RunnerOptions<Processors>, 'processors' | 'clock'> & { readonly clock: FakeClock }
>

/** A runner on a fresh memory store, whose time the test moves and whose jitter is always half. */
export function setup<const Processors extends readonly AnyProcessor[]>(
  processors: Processors,
  more: More<Processors> = {},
) {
  const { clock = fakeClock() } = more
  const store: Store = more.store ?? memoryStore({ clock })
  const runner = createRunner({ clock, random: () => 0.5, ...more, store, processors })
  return {
    clock,
    store,
    runner,
    another: () => createRunner({ clock, random: () => 0.5, ...more, store, processors }),
  }
}

/** A promise with its handles, for a handler that a test holds on to. */
export function deferred<Value = void>() {
  let resolve: (value: Value) => void = () => {}
  const promise = new Promise<Value>(done => {
    resolve = done
  })
  return { promise, resolve }
}
