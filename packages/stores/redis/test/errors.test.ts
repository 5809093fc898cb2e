import { expect, test } from 'vitest'
import { toStoreError } from '../src/errors.js'

test.each([
  ["OOM command not allowed when used memory > 'maxmemory'.", 'store_unavailable', true],
  ['-OOM command not allowed, script: 31b1, on @user_script:7.', 'store_unavailable', true],
  ["READONLY You can't write against a read only replica.", 'store_unavailable', true],
  ['LOADING Redis is loading the dataset in memory', 'store_unavailable', true],
  ['CLUSTERDOWN Hash slot not served', 'store_unavailable', true],
  ['MISCONF Redis is configured to save RDB snapshots', 'store_unavailable', true],
  ['Connection is closed.', 'store_unavailable', true],
  ["Stream isn't writeable and enableOfflineQueue options is false", 'store_unavailable', true],
  ['Reached the max retries per request limit (which is 20).', 'store_unavailable', true],
  ['BUSY Redis is busy running a script.', 'store_busy', true],
  ['NOAUTH Authentication required.', 'store_unavailable', false],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', 'not_a_store', false],
  ["CROSSSLOT Keys in request don't hash to the same slot", 'driver_unsupported', false],
  ['ERR an argument is missing', 'store_failed', false],
])('%s becomes %s', (message, code, retryable) => {
  expect(toStoreError(new Error(message))).toMatchObject({ code, retryable, store: 'redis' })
})

test.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE'])('%s can be tried again', code => {
  const error = Object.assign(new Error('connect'), { code })
  expect(toStoreError(error)).toMatchObject({ code: 'store_unavailable', retryable: true })
})

test('an error tells nothing of the inputs that were sent', () => {
  const error = Object.assign(new Error('ERR no'), { command: { name: 'EVALSHA', args: ['a secret'] } })
  const told = toStoreError(error)
  expect(told.cause).toMatchObject({ message: 'ERR no' })
  expect(told.cause).not.toHaveProperty('command')
})

test('an error of the store stays what it is', () => {
  const error = toStoreError(new Error('Connection is closed.'))
  expect(toStoreError(error)).toBe(error)
})
