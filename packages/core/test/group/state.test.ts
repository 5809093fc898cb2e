import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupState } from '../../src/group/state.js'
import { estimateShare, shareOf } from '../../src/progress/index.js'
import { type Counts, isEnded, type JobState } from '../../src/store/index.js'

const none: Counts['states'] = {
  blocked: 0,
  waiting: 0,
  running: 0,
  paused: 0,
  completed: 0,
  completed_with_errors: 0,
  failed: 0,
  cancelled: 0,
}

test.each<[Partial<Counts['states']>, JobState]>([
  [{ waiting: 3, blocked: 2 }, 'waiting'],
  [{ waiting: 3, completed: 1 }, 'running'],
  [{ running: 1, paused: 9 }, 'running'],
  [{ paused: 1, completed: 9 }, 'paused'],
  [{ blocked: 1, failed: 1 }, 'blocked'],
  [{ completed: 3 }, 'completed'],
  [{ completed: 3, cancelled: 1 }, 'completed_with_errors'],
  [{ completed_with_errors: 1 }, 'completed_with_errors'],
  [{ completed: 1, failed: 1 }, 'completed_with_errors'],
  [{ failed: 2, cancelled: 1 }, 'failed'],
  [{ cancelled: 2 }, 'cancelled'],
])('a group of %o is %s', (states, expected) => {
  expect(groupState({ ...none, ...states })).toBe(expected)
})

test('a group has ended exactly when all of its jobs have', () => {
  const anyStates = fc.record(
    Object.fromEntries(Object.keys(none).map(state => [state, fc.nat(3)])) as Record<
      JobState,
      fc.Arbitrary<number>
    >,
  )
  fc.assert(
    fc.property(anyStates, states => {
      const { blocked, waiting, running, paused } = states
      expect(isEnded(groupState(states))).toBe(blocked + waiting + running + paused === 0)
    }),
  )
})

test('a share is from 0 to 1, and an estimate whole, finite and in order', () => {
  const anyShares = fc
    .record({ total: fc.integer({ min: 1, max: 10_000 }), part: fc.double({ min: 0, max: 1, noNaN: true }) })
    .chain(({ total, part }) => {
      const ended = Math.floor(total * part)
      const left = Math.min(10, total - ended)
      const underWay = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: left })
      return underWay.map(shares => ({ total, ended, underWay: shares }))
    })
  fc.assert(
    fc.property(anyShares, fc.nat(1e9), (shares, elapsedMs) => {
      expect(shareOf(shares)).toBeGreaterThanOrEqual(0)
      expect(shareOf(shares)).toBeLessThanOrEqual(1)
      const eta = estimateShare(shares, elapsedMs)
      if (!eta) return
      const { lowMs, remainingMs, highMs } = eta
      expect([lowMs, remainingMs, highMs].every(Number.isSafeInteger)).toBe(true)
      expect(lowMs >= 0 && lowMs <= remainingMs && remainingMs <= highMs).toBe(true)
    }),
  )
})
