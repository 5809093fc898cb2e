import { memoryStore } from '@longhaul/core'
import { fakeClock } from '@longhaul/core/testing'
import { describe, test } from 'vitest'
import { storeConformance } from '../src/index.js'

storeConformance({
  test,
  describe,
  can: ['listen'],
  setup() {
    const clock = fakeClock()
    return { store: memoryStore({ clock }), advance: clock.advance }
  },
})
