import fc from 'fast-check'

/** Few, so that calls meet. */
export const ids = ['j1', 'j2', 'j3', 'j4', 'j5', 'j6', 'j7', 'j8', 'j9'] as const
export const groups = ['g1', 'g2'] as const

export const anyId = fc.constantFrom(...ids)
export const anyGroup = fc.constantFrom(...groups)
export const anyQueue = fc.constantFrom('fast', 'slow')
export const anyLane = fc.constantFrom('x', 'y')
export const anyKey = fc.constantFrom('k1', 'k2')
export const anyCursor = fc.constantFrom('c1', 'c2', 'c3', null)
export const anyPriority = fc.integer({ min: -1, max: 1 })
export const anyProgress = fc.record({
  done: fc.nat(9),
  failed: fc.nat(9),
  skipped: fc.nat(9),
  total: fc.constantFrom(null, 0, 9),
})
