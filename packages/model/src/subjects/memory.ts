import { memoryStore } from '@longhaul/core'
import { standingClock } from './standing-clock.js'
import type { Source } from './subject.js'

export function memorySource(): Source {
  return { fresh, end() {} }
}

async function fresh() {
  const { clock, setNow } = standingClock()
  const store = memoryStore({ clock })
  await store.open()
  return { store, setNow, close: store.close }
}
