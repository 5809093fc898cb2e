import { memoryStore } from '@longhaul/core'
import { startMs } from '../time.js'
import type { Ground } from './place.js'

export function inMemory(): Ground {
  return { place: () => aPlace(), remove() {} }
}

function aPlace() {
  let now = startMs
  const store = memoryStore({ clock: { now: () => now } })
  return {
    store,
    setClock(to: number) {
      now = to
    },
    remove: () => store.close(),
  }
}
