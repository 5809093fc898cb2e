import { describe, test } from 'vitest'
import { memoryStore } from '../../../core/src/memory/index.js'
import { fakeClock } from '../../../core/src/testing/fake-clock.js'
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
