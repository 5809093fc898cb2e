import type { Store } from '@longhaul/core/store'

/** A process of the platform. Between requests it stands still; once it is gone nothing of it goes on, not even a `finally`. */
export interface Instance {
  readonly isGone: boolean
  /** Resolves when it is gone. */
  readonly gone: Promise<void>
  /** How many requests it is busy with. */
  readonly busy: number
  begin(): void
  end(): void
  kill(): void
  /** To be awaited before and after all that it does outside itself. */
  step(): Promise<void>
}

export function createInstance(): Instance {
  let busy = 0
  let isGone = false
  let tellGone = () => {}
  const gone = new Promise<void>(resolve => {
    tellGone = resolve
  })
  const standing = new Set<() => void>()

  return {
    gone,
    get isGone() {
      return isGone
    },
    get busy() {
      return busy
    },
    begin() {
      busy += 1
      for (const goOn of standing) goOn()
      standing.clear()
    },
    end() {
      busy -= 1
    },
    kill() {
      isGone = true
      tellGone()
    },
    async step() {
      while (busy === 0 && !isGone) await new Promise<void>(resolve => standing.add(resolve))
      if (isGone) await never()
    },
  }
}

function never(): Promise<never> {
  return new Promise(() => {})
}

/** What the process asks of others, and hears of them only while it lives and runs. */
export function outside<Args extends unknown[], Result>(
  { step }: Instance,
  call: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    await step()
    const [settled] = await Promise.allSettled([call(...args)])
    await step()
    if (settled.status === 'rejected') throw settled.reason
    return settled.value
  }
}

/** The store as the process reaches it. A call that is under way when the process dies is applied, and never answered. */
export function storeOf(instance: Instance, store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return outside(instance, async (...args: unknown[]) => member.apply(target, args))
    },
  })
}
