import type { Store } from '@longhaul/core/store'
import type { Call } from '../events.js'
import { type FaultName, strikes, type Target } from './faults.js'

/** What happens at this call; nothing, where all is well. Asked once for each. */
export type FaultPlan = (call: Call) => FaultName | null

/** The store as one process reaches it. Every method counts but `close`, and nothing passes once the process is gone. */
export function faultyStore(store: Store, target: Target, plan: FaultPlan): Store {
  let calls = 0

  async function pass(method: string, call: () => Promise<unknown>): Promise<unknown> {
    await target.life.step()
    const fault = plan({ number: ++calls, method })
    const reply = await (fault ? strikes[fault](call, target) : call()).catch(async error => {
      await target.life.step()
      throw error
    })
    await target.life.step()
    return reply
  }

  return new Proxy(store, {
    get(_, method: string) {
      const member = Reflect.get(store, method)
      if (typeof member !== 'function' || method === 'close') return member
      return (...args: unknown[]) => pass(method, () => member.apply(store, args))
    },
  })
}
