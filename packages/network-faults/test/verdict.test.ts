import type { JobHead, Write } from '@longhaul/core/store'
import { expect, test } from 'vitest'
import { type Effect, itemCount } from '../src/processors.js'
import { wrongIn } from '../src/verdict.js'
import type { Event } from '../src/watched-store.js'

test('a job whose end was told twice, since the first answer was lost, is all right', () => {
  expect(wrongIn([job()], [...told(1), ...told(1)], worked(1))).toEqual([])
})

test('a job that was taken over, with its first items done again, is all right', () => {
  const taken: Event = { type: 'claimed', id: 'a', token: 2 }
  const events = [...told(1, { accepted: false }), taken, ...told(2)]
  expect(wrongIn([job({ token: 2 })], events, [...worked(1).slice(0, 3), ...worked(2)])).toEqual([])
})

test.each<[string, Partial<JobHead>, readonly Event[], readonly Effect[]]>([
  ['that is not completed', { state: 'waiting' }, [], worked(1)],
  ['that counted too much', { progress: progress(7) }, told(1), worked(1)],
  ['whose item was skipped', {}, told(1), worked(1).slice(1)],
  ['whose item one owner did twice', {}, told(1), [...worked(1), ...worked(1)]],
  ['that two owners ended', { token: 2 }, [...told(1), ...told(2)], worked(1)],
  ['that was taken after its end', { token: 2 }, told(1), worked(1)],
  ['that had a newer token at a write', {}, told(1, { storedToken: 2 }), worked(1)],
  [
    'that was claimed anew before a write',
    {},
    [{ type: 'claimed', id: 'a', token: 2 }, ...told(1)],
    worked(1),
  ],
])('a job %s is found', (_, differences, events, effects) => {
  expect(wrongIn([job(differences)], events, effects)).not.toEqual([])
})

function progress(done: number) {
  return { done, failed: 0, skipped: 0, total: null }
}

function job(differences: Partial<JobHead> = {}): JobHead {
  const usual = {
    id: 'a',
    processor: 'faults.walk',
    state: 'completed',
    token: 1,
    progress: progress(itemCount),
  }
  return { ...usual, ...differences } as JobHead
}

/** A write that ends the job, and the store's answer. */
function told(token: number, { accepted = true, storedToken = token } = {}): readonly Event[] {
  const write: Write = { id: 'a', token, seq: 1, patch: { state: 'completed' } }
  const answer = { accepted, job: { ...job(), token: storedToken } }
  return [
    { type: 'sent', write },
    { type: 'answered', write, answer: answer as Extract<Event, { type: 'answered' }>['answer'] },
  ]
}

function worked(token: number): readonly Effect[] {
  return Array.from({ length: itemCount }, (_, index) => ({ job: 'a', item: index + 1, token }))
}
