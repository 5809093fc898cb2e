import type { Clock } from '../../src/clock.js'
import { type Cell, type CellChange, type Store, StoreError } from '../../src/store/index.js'

export interface TestCells extends Pick<Store, 'cell' | 'swap'> {
  reads(): number
  writes(): number
  /** The next swaps are applied, but their replies are lost. */
  loseReplies(count: number): void
  /** Someone else writes between the next reads and swaps. */
  interfere(times: number): void
  unreachable(yes: boolean): void
}

/** Cells as the contract promises them, with the faults that a network has. */
export function testCells(clock: Clock): TestCells {
  const stored = new Map<string, { value: string | null; version: number; id: string }>()
  let [reads, writes, lost, others, down] = [0, 0, 0, 0, false]

  const answer = (name: string): Cell => {
    const { value = null, version = 0 } = stored.get(name) ?? {}
    return { value, version, now: clock.now() }
  }
  const reach = () => {
    if (down) throw unreachableError()
  }

  return {
    async cell(name) {
      reach()
      reads++
      return answer(name)
    },

    async swap(name: string, change: CellChange) {
      reach()
      if (others-- > 0) stored.set(name, { ...answer(name), version: answer(name).version + 1, id: 'other' })
      const repeated = stored.get(name)?.id === change.id
      if (!repeated && answer(name).version !== change.version) return undefined
      if (!repeated) stored.set(name, { value: change.value, version: change.version + 1, id: change.id })
      if (!repeated) writes++
      if (lost-- > 0) throw unreachableError()
      return answer(name)
    },

    reads: () => reads,
    writes: () => writes,
    loseReplies: count => {
      lost = count
    },
    interfere: times => {
      others = times
    },
    unreachable: yes => {
      down = yes
    },
  }
}

function unreachableError() {
  return new StoreError('store_unavailable', 'test', 'The store is not there.', { retryable: true })
}
