import { expect, it } from 'vitest'
import { audit } from '../../src/audit/audit.js'
import type { Evidence, Fault } from '../../src/evidence.js'
import { effect, honest, story, withLines } from './story.js'

const repeats = (evidence: Evidence) => audit(evidence).repeats
const kinds = (evidence: Evidence) => repeats(evidence).violations.map(({ kind }) => kind)
const faults = (...faults: Fault[]) => story({ faults })

it('a repeat without any fault is found', () => {
  expect(kinds(faults())).toEqual(['unexplained repeat'])
})

it.each<[string, Fault]>([
  ['of another worker', { kind: 'kill', worker: '3.1', at: 1_050, until: 1_060 }],
  ['that came before the claim', { kind: 'kill', worker: '1.1', at: 900, until: 950 }],
  ['that came after the take-over', { kind: 'kill', worker: '1.1', at: 2_150, until: 2_160 }],
  ['that was an orderly stop', { kind: 'stop', worker: '1.1', at: 1_050, until: 1_060 }],
])('a fault %s explains no repeat', (_, fault) => {
  expect(kinds(faults(fault))).toEqual(['unexplained repeat'])
})

it('a crash of the server explains a repeat of any worker', () => {
  expect(kinds(faults({ kind: 'server', worker: null, at: 1_050, until: 1_060 }))).toEqual([])
})

it.each([
  [true, []],
  [false, ['unexplained repeat']],
])('a pause of another worker explains a repeat where all share a lock: %s', (sharesLock, found) => {
  const evidence = faults({ kind: 'pause', worker: '3.1', at: 1_050, until: 1_060 })
  expect(kinds({ ...evidence, limits: { ...evidence.limits, sharesLock } })).toEqual(found)
})

it('a stall that the worker noted itself explains a repeat, and is told apart', () => {
  const stall = { type: 'stall', of: 'loop', at: 2_095, ms: 1_040, worker: '1.1', pid: 1 } as const
  expect(repeats(story({ faults: [], lines: [...honest, stall] }))).toMatchObject({
    byStalls: 1,
    violations: [],
  })
})

it('the same item twice by one token is found, whatever the faults', () => {
  expect(kinds(withLines(effect(1_045, 1, 3)))).toEqual(['unexplained repeat'])
})

it('more repeats than were in flight are found', () => {
  expect(kinds(withLines(effect(2_111, 2, 2)))).toEqual([])
  expect(kinds(withLines(effect(2_111, 2, 2), effect(2_112, 2, 1)))).toEqual(['unexplained repeat'])
})
