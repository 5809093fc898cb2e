import { redisStore } from '@longhaul/redis'
import { expect, test } from 'vitest'

test.each([
  { namespace: '' },
  { namespace: 'a{b}' },
  { namespace: 'a'.repeat(101) },
  { namespace: '\ud800' },
  { callTimeoutMs: 99 },
  { callTimeoutMs: Number.NaN },
])('%o is refused before anything is opened', options => {
  expect(() => redisStore('redis://127.0.0.1:1', options)).toThrow(
    expect.objectContaining({ code: 'invalid_options', option: Object.keys(options)[0] }),
  )
})
