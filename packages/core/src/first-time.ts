import { checkMs } from './durations.js'
import { type SwapLoopDeps, swapLoop } from './swap-loop.js'

export interface FirstTimeDeps extends SwapLoopDeps {
  opened(): Promise<void>
}

interface Seen {
  readonly id: string
  /** By the store's clock. */
  readonly until: number
}

const cellName = 'first-times'
const mostIds = 500

/** Tells, over all processes of a store, who was the first to bring an id. */
export function createFirstTime({ opened, ...deps }: FirstTimeDeps) {
  return async function firstTime(id: string, forMs: number): Promise<boolean> {
    checkMs('forMs', forMs)
    await opened()
    let isFirst = false
    await swapLoop(deps, cellName, ({ value, now }) => {
      const kept = seenIn(value).filter(({ until }) => until > now)
      isFirst = !kept.some(seen => seen.id === id)
      return isFirst ? JSON.stringify([...kept, { id, until: now + forMs }].slice(-mostIds)) : undefined
    })
    return isFirst
  }
}

function seenIn(value: string | null): readonly Seen[] {
  return value === null ? [] : (JSON.parse(value) as Seen[])
}
