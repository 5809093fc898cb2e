import { OptionsError } from '../errors.js'
import { type Store, StoreError } from '../store/index.js'

/**
 * What goes wrong at one call of the store. `crash` means that the process is gone: no later call gets through.
 * `before` and `after` say whether the call was applied; after an `error` that was applied, its reply is lost.
 */
export type Fault = (typeof faults)[number]

const faults = ['error_before', 'error_after', 'crash_before', 'crash_after'] as const

/** A store that fails where it was told to, and remembers its calls. */
export interface FaultyStore extends Store {
  /** How many calls were made so far. */
  calls(): number
  /** The names of the calls, in their order. */
  readonly trace: readonly string[]
}

const untouched = new Set(['name', 'open', 'close', 'listen', 'hears'])

/**
 * A store that fails at its `nth` call (the first is 1), and passes all others on. `open`, `close`, `listen`
 * and `hears` are not counted.
 *
 * @throws {OptionsError} for an `nth` below 1 (`Infinity` is for never), and for an unknown fault.
 */
export function faultyStore(store: Store, { nth, fault }: { nth: number; fault: Fault }): FaultyStore {
  if (!(nth >= 1)) throw new OptionsError('nth', `must be at least 1, for the first call, not ${nth}`)
  if (!faults.includes(fault)) throw new OptionsError('fault', `must be one of ${faults.join(', ')}`)
  const trace: string[] = []
  let gone = false

  async function pass(name: string, call: () => unknown): Promise<unknown> {
    if (gone) throw lost(name)
    trace.push(name)
    if (trace.length !== nth) return call()
    gone = fault.startsWith('crash')
    if (fault.endsWith('after')) await call()
    throw lost(name)
  }

  const counted = new Proxy(store, {
    get(target, name: string) {
      const member = Reflect.get(target, name)
      if (untouched.has(name) || typeof member !== 'function') return member
      return (...args: unknown[]) => pass(name, () => member.apply(target, args))
    },
  })
  return Object.assign(Object.create(counted), { calls: () => trace.length, trace }) as FaultyStore
}

function lost(call: string): StoreError {
  return new StoreError('store_unavailable', 'faulty', `The reply to ${call} never came.`, {
    retryable: true,
  })
}
