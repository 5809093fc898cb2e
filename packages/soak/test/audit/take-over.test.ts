import { expect, it } from 'vitest'
import { audit } from '../../src/audit/audit.js'
import type { Evidence, Fault } from '../../src/evidence.js'
import { claim, commit, honest, story } from './story.js'

const takeOver = (evidence: Evidence) => audit(evidence).takeOver
const kill: Fault = { kind: 'kill', worker: '1.1', at: 1_050, until: 1_060 }

/** The second claim came only now. */
function claimedAgainAt(at: number, token = 2) {
  return honest.map(line => (line.type === 'claim' && line.token === 2 ? claim(at, token, 2) : line))
}

it('a job that nobody takes over in time is found', () => {
  expect(takeOver(story({ lines: claimedAgainAt(3_150) })).violations).toEqual([])
  expect(takeOver(story({ lines: claimedAgainAt(3_151) })).violations).toHaveLength(1)
})

it.each<[string, Partial<Evidence>]>([
  ['never was', { lines: claimedAgainAt(3_151).filter(({ type }) => type !== 'free') }],
  ['got its slots filled', { lines: [...claimedAgainAt(3_151), claim(2_045, 9, 0, '3.1')] }],
  ['was killed', { faults: [kill, { kind: 'kill', worker: '3.1', at: 2_200, until: 2_210 }] }],
])('the wait for a free worker that %s does not count', (_, differences) => {
  expect(takeOver(story({ lines: claimedAgainAt(3_151), ...differences })).count).toBe(0)
})

it('a claim that follows a release is no take-over', () => {
  const released = commit(1_045, 1, 2, { state: 'waiting' })
  expect(takeOver(story({ lines: [...honest, released] })).count).toBe(0)
})

it('a claim behind one that left no line tells nothing', () => {
  expect(takeOver(story({ lines: claimedAgainAt(3_000, 2) })).count).toBe(1)
  expect(takeOver(story({ lines: claimedAgainAt(3_000, 3) })).count).toBe(0)
})

it('a job in a lane waits for more than its lease', () => {
  const lane = { id: 'a', items: 4, lane: 'narrow', laneLimit: 1 }
  expect(takeOver(story({ enqueued: [lane] })).count).toBe(0)
})

it('a time in which the server was down does not count', () => {
  const outage: Fault = { kind: 'server', worker: null, at: 1_100, until: 1_200 }
  expect(takeOver(story({ faults: [kill, outage] })).count).toBe(0)
})

it('a time in which a paused worker kept all others from writing does not count', () => {
  const pause: Fault = { kind: 'pause', worker: '3.1', at: 1_100, until: 1_900 }
  const heartbeats = [1_300, 1_600, 1_900].map((at, index) => commit(at, 7, index, { job: 'b' }))
  expect(takeOver(story({ faults: [kill, pause] })).count).toBe(0)
  expect(takeOver(story({ faults: [kill, pause], lines: [...honest, ...heartbeats] })).count).toBe(1)
})
