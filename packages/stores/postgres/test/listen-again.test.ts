import { fakeClock } from '@longhaul/core/testing'
import { expect, onTestFinished, test } from 'vitest'
import { listenersOn } from '../src/listen.js'

test('a server that was away for hours is listened to within five seconds of its return', async () => {
  const warnings: string[] = []
  const note = ({ message }: Error) => void warnings.push(message)
  process.on('warning', note)
  onTestFinished(() => void process.off('warning', note))
  const clock = fakeClock()
  const tries: number[] = []
  const connect = () => {
    tries.push(clock.now())
    return Promise.reject(new Error('away'))
  }
  const options = {
    channel: 'c',
    origin: 'o',
    clock,
    random: () => 0.999,
    heartbeatMs: 1_000,
    timeoutMs: 1_000,
  }
  const listeners = listenersOn(connect, options)
  listeners.add(() => {})

  await clock.advance(3 * 3_600_000)
  await listeners.stop()
  const pauses = tries.map((at, index) => at - (tries[index - 1] ?? at))
  expect(Math.max(...pauses)).toBeLessThan(5_000)
  expect(pauses.filter(pause => pause < 1_000).length, 'it does not hammer').toBeLessThan(10)
  expect(warnings, 'nothing piles up meanwhile').toEqual([])
})
