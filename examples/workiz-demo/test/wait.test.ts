import type { GateView, JobView } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { waitOf } from '../src/wait.js'

const now = Date.UTC(2026, 0, 1)
const at = (ms: number) => new Date(now + ms).toISOString()
const job = (state: JobView['state'], dueInMs = 0) => ({ state, dueAt: at(dueInMs) }) as JobView
const gate = (because: GateView['because'], opensInMs: number) =>
  ({ because, opensAt: at(opensInMs) }) as GateView
const open = { because: null, opensAt: null } as GateView

describe('the gate', () => {
  test('is closed while a caller waits in its slot', () => {
    const wait = waitOf(job('running', 4_000), gate('too_many_requests', 400), true, now)
    expect(wait).toEqual({ what: 'gate closed', ms: 400, reason: '429' })
  })

  test('is closed for as long as its job waits', () => {
    const wait = waitOf(job('waiting', 1_600), gate('breaker', 1_500), true, now)
    expect(wait).toEqual({ what: 'gate closed', ms: 1_600, reason: 'API down' })
  })

  test('is open between two calls that are only spaced, once its time has come, and before its first call', () => {
    const seen = [gate('spacing', 10), gate('window', 900), gate('pause_after', -1), open, undefined]
    expect(seen.map(gate => waitOf(job('running', 4_000), gate, true, now))).toEqual(seen.map(() => null))
  })
})

test('a killed run has a lease that must end first', () => {
  const wait = waitOf(job('running', 3_000), gate('too_many_requests', 400), false, now)
  expect(wait).toEqual({ what: 'waits', ms: 3_000, reason: 'lease of the killed run' })
})
