import { StoreError } from '@longhaul/core/store'
import { fakeClock } from '@longhaul/core/testing'
import { expect, test } from 'vitest'
import { oneAtATime, type Patience, patiently } from '../src/busy.js'

test('work that is not refused is done before the call returns', () => {
  let done = false
  void patiently(() => (done = true), patience())
  expect(done).toBe(true)
})

test('a busy database is tried again after random pauses that double up to a limit', async () => {
  const { clock, ...rest } = patience({ random: () => 1 })
  const tries: number[] = []
  const startedAt = clock.now()
  const answer = patiently(
    () => {
      tries.push(clock.now() - startedAt)
      if (tries.length < 8) throw busy()
      return 'done'
    },
    { clock, ...rest },
  )
  await clock.advance(2_000)
  expect(await answer).toBe('done')
  expect(tries).toEqual([0, 10, 30, 70, 150, 310, 560, 810])
})

test('a database that stays busy fails after `busyRetryMs`, and can be tried again', async () => {
  const { clock, ...rest } = patience({ busyRetryMs: 1_000 })
  const failed = expect(patiently(alwaysBusy, { clock, ...rest })).rejects.toMatchObject({
    code: 'store_busy',
    retryable: true,
    message: expect.stringContaining('1000 ms'),
    cause: { code: 'SQLITE_BUSY' },
  })
  await clock.advance(1_500)
  await failed
})

test('any other failure is not tried again', async () => {
  let tries = 0
  const failing = () => {
    tries++
    throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
  }
  await expect(patiently(failing, patience())).rejects.toBeInstanceOf(StoreError)
  expect(tries).toBe(1)
})

test('tasks run one at a time, in order, also behind one that failed', async () => {
  const inTurn = oneAtATime()
  const events: string[] = []
  const task =
    (name: string, fail = false) =>
    async () => {
      events.push(`${name} begins`)
      await null
      events.push(`${name} ends`)
      if (fail) throw new Error(name)
    }

  const [first, second] = [inTurn(task('first', true)), inTurn(task('second'))]
  await expect(first).rejects.toThrow('first')
  await second
  expect(events).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
})

function patience({ random = () => 0.5, busyRetryMs = 30_000 }: Partial<Patience> = {}) {
  return { clock: fakeClock(), random, busyRetryMs }
}

function busy() {
  return Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })
}

function alwaysBusy(): never {
  throw busy()
}
