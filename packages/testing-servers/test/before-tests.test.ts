import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { beforeTests } from '../src/setup/before-tests.js'
import type { ServerKind } from '../src/setup/kinds.js'

const kind = (whyNot?: string): ServerKind => ({
  name: 'redis',
  variable: 'TEST_SETUP_URL',
  usual: ['usual:1'],
  check: async () => {
    throw new Error('nobody there')
  },
  whyNot: () => whyNot,
  start: async () => ({ url: 'own', close: async () => {} }),
})

const noServer = kind('none is installed')

beforeEach(() => {
  vi.stubEnv('TEST_SETUP_URL', undefined)
  vi.stubEnv('TEST_SETUP_URL_MISSING', undefined)
  vi.stubEnv('CI', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

it('leads the tests to the server', async () => {
  await beforeTests(kind())()
  expect(process.env.TEST_SETUP_URL).toBe('own')
})

it('says before and after the tests, but once, that those without a server are skipped', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const said = expect.stringMatching(/SKIPPED: all tests on redis: .* none is installed\. Set TEST_SETUP_URL/)

  const after = await beforeTests(noServer)()
  const afterSecondProject = await beforeTests(noServer)()
  expect(warn.mock.calls).toEqual([[said]])

  await afterSecondProject()
  await after()
  expect(warn.mock.calls).toEqual([[said], [said]])
})

it('fails rather than take another server than the one that was named', async () => {
  vi.stubEnv('TEST_SETUP_URL', 'named')
  await expect(beforeTests(kind())()).rejects.toThrow("the one that TEST_SETUP_URL names can't be used")
})

it('fails a CI run rather than skip', async () => {
  vi.stubEnv('CI', 'true')
  await expect(beforeTests(noServer)()).rejects.toThrow(/tests on redis need a server: .* none is installed/)
})
