import { describe, expect, test, vi } from 'vitest'
import { hasWalDefect } from '../src/connection.js'
import { openFile, unsupported } from '../src/driver.js'
import { toStoreError } from '../src/errors.js'

describe('better-sqlite3 from 13 on is refused where it would crash the process', () => {
  test.each([
    ['9', '13.2.0', true],
    ['9', '14.0.0', true],
    [undefined, '13.0.0', true],
    ['9', '12.11.1', false],
    ['10', '13.2.0', false],
    ['9', undefined, false],
  ])('Node-API %s with version %s', (nodeApi, version, isRefused) => {
    const refusal = unsupported(nodeApi, () => version)
    expect(refusal !== undefined).toBe(isRefused)
    if (isRefused) expect(refusal).toContain('npm install better-sqlite3@12')
  })
})

test('a driver that is missing is asked for by name', async () => {
  vi.doMock('better-sqlite3', () => {
    throw new Error('Cannot find package')
  })
  await expect(openFile('jobs.db', 50)).rejects.toMatchObject({
    code: 'driver_unsupported',
    message: expect.stringContaining('npm install better-sqlite3'),
  })
  vi.doUnmock('better-sqlite3')
})

test.each([
  ['3.7.0', true],
  ['3.49.2', true],
  ['3.51.2', true],
  ['3.51.3', false],
  ['3.54.1', false],
  ['4.0.0', false],
])('whether SQLite %s has the defect of the write-ahead log: %s', (version, expected) => {
  expect(hasWalDefect(version)).toBe(expected)
})

test.each([
  [{ code: 'SQLITE_BUSY_SNAPSHOT' }, 'store_busy', true],
  [{ code: 'SQLITE_NOTADB' }, 'not_a_store', false],
  [{ code: 'SQLITE_IOERR_WRITE' }, 'store_unavailable', true],
  [{ code: 'SQLITE_READONLY_DIRECTORY' }, 'store_unavailable', false],
  [{ code: 'ERR_DLOPEN_FAILED' }, 'driver_unsupported', false],
  [{ message: 'The database connection is not open' }, 'store_closed', false],
  [{ code: 'SQLITE_CONSTRAINT_NOTNULL' }, 'store_failed', false],
])('%o becomes %s', (thrown, code, retryable) => {
  const cause = Object.assign(new Error(), thrown)
  expect(toStoreError(cause)).toMatchObject({ code, retryable, store: 'sqlite', cause })
})
