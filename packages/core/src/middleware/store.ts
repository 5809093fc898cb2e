import type { Store } from '../store/index.js'
import type { Around } from './around.js'
import type { StoreCall } from './types.js'

/** A store each call of which is wrapped. */
export function aroundStore(store: Store, around: Around<StoreCall>, now: () => number): Store {
  const pass = <Result>(name: string, call: () => Promise<Result>): Promise<Result> => {
    const startedAt = now()
    return around({ name, store: store.name, elapsedMs: () => now() - startedAt }, call)
  }
  const hears = store.hears && { hears: () => store.hears?.() === true }
  return { name: store.name, ...hears, ...wrapped(store, pass) } as Store
}

const methods = [
  ...(['open', 'insert', 'claim', 'commit', 'request', 'get', 'list', 'count', 'records'] as const),
  ...(['prune', 'cell', 'swap', 'listen', 'close'] as const),
]

type Method = (...args: unknown[]) => Promise<unknown>
type Pass = (name: string, call: () => Promise<unknown>) => Promise<unknown>

function wrapped(store: Store, pass: Pass): Record<string, Method> {
  const members = store as unknown as Record<string, Method | undefined>
  const there = methods.filter(name => members[name])
  const call = (name: string, args: unknown[]) => pass(name, () => (members[name] as Method)(...args))
  return Object.fromEntries(there.map(name => [name, (...args: unknown[]) => call(name, args)]))
}
