import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SettledOutcome, type Settling, settle } from '../../src/engine/settle.js'
import { Fatal } from '../../src/index.js'
import { isEnded, type Job, transitions } from '../../src/store/index.js'

const job = { attempts: 0, throttles: 4, interruptions: 7, error: null } as Job
const about: Settling = {
  job,
  progress: { done: 5, failed: 0, skipped: 0, total: 10 },
  attempts: 0,
  idleSlices: 0,
  retry: {},
  random: () => 0.5,
  redact: (text: string) => text,
}

const outcome = fc.oneof<fc.Arbitrary<SettledOutcome>[]>(
  fc.record({ kind: fc.constant('completed'), output: fc.string() }),
  fc.record({ kind: fc.constantFrom('yielded', 'cancelled', 'paused') }),
  fc.record({ kind: fc.constantFrom('throttled', 'snoozed'), waitMs: fc.nat() }),
  fc.record({ kind: fc.constant('failed'), error: fc.anything() }),
)
const circumstances = fc.record({
  attempts: fc.nat({ max: 5 }),
  idleSlices: fc.nat({ max: 200 }),
  failed: fc.nat({ max: 3 }),
  retry: fc.record({ attempts: fc.integer({ min: 1, max: 5 }) }),
})

test('whatever happened, a running job goes where the table of states lets it', () => {
  fc.assert(
    fc.property(outcome, circumstances, (how, { failed, ...rest }) => {
      const { patch } = settle(how, { ...about, ...rest, progress: { ...about.progress, failed } })
      expect(Object.values(transitions.running)).toContain(patch.state)
    }),
  )
})

test('only a failure uses an attempt', () => {
  fc.assert(
    fc.property(outcome, circumstances, (how, { failed, ...rest }) => {
      fc.pre(how.kind !== 'failed' && rest.idleSlices < 100)
      expect(settle(how, { ...about, ...rest }).patch).not.toHaveProperty('attempts')
    }),
  )
})

test('a failed job either ends or waits for its next attempt, by its policy alone', () => {
  fc.assert(
    fc.property(circumstances, ({ attempts, retry }) => {
      const { event, patch } = settle({ kind: 'failed', error: new Error() }, { ...about, attempts, retry })
      const last = attempts + 1 >= retry.attempts
      expect(event).toBe(last ? 'failed' : 'retrying')
      expect(patch).toMatchObject({ attempts: attempts + 1, state: last ? 'failed' : 'waiting' })
    }),
  )
})

test('the first error and the latest are kept, until the job makes progress', () => {
  const first = settle({ kind: 'failed', error: new Error('first') }, about).patch.error as string
  const second = settle(
    { kind: 'failed', error: new Error('second') },
    { ...about, attempts: 1, job: { ...job, error: first } },
  )
  const afresh = settle(
    { kind: 'failed', error: new Error('third') },
    { ...about, job: { ...job, error: first } },
  )

  expect(JSON.parse(second.patch.error as string)).toMatchObject({
    first: { message: 'first' },
    last: { message: 'second' },
  })
  expect(JSON.parse(afresh.patch.error as string)).toMatchObject({
    first: { message: 'third' },
    last: { message: 'third' },
  })
})

test('a fatal error is final whatever the policy says', () => {
  const retry = { attempts: 100, retryable: () => true }
  expect(settle({ kind: 'failed', error: new Fatal('no') }, { ...about, retry }).event).toBe('failed')
})

test('a policy that throws does not keep the outcome from being written', () => {
  const retryable = () => {
    throw new Error('a bug in the policy')
  }
  expect(settle({ kind: 'failed', error: new Error() }, { ...about, retry: { retryable } }).event).toBe(
    'retrying',
  )
})

test('every state can be left, or has ended', () => {
  for (const [state, arrows] of Object.entries(transitions)) {
    expect(Object.keys(arrows).length > 0 || isEnded(state as Job['state']), state).toBe(true)
  }
})

test('from an ended state only a retry leads on, and from completed nothing', () => {
  for (const state of ['failed', 'cancelled', 'completed_with_errors'] as const) {
    expect(transitions[state]).toEqual({ retry: 'waiting' })
  }
  expect(transitions.completed).toEqual({})
})
