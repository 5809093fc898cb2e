import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isMassDelete } from '../../src/sync/delete-guard.js'
import { fingerprint } from '../../src/sync/fingerprint.js'
import { nextOffset, offsetModeOf, probeSize } from '../../src/sync/offset-mode.js'
import { follow, noPages } from '../../src/sync/page-trail.js'
import { isExpired } from '../../src/sync/retention.js'
import { noon } from '../support.js'

const dayMs = 86_400_000

function jobs(from: number, length: number) {
  return Array.from({ length }, (_, index) => ({ UUID: `W${from + index}` }))
}

describe('retention', () => {
  test('keeps a job up to the very age, and no longer', () => {
    const bound = new Date(noon - 365 * dayMs).toISOString()
    const before = new Date(noon - 365 * dayMs - 1).toISOString()
    expect([bound, before].map(date => isExpired(date, 365 * dayMs, noon))).toEqual([false, true])
  })

  test('keeps a job without a date, and every job when it is off', () => {
    expect(isExpired(null, 1, noon)).toBe(false)
    expect(isExpired('2001-01-01T00:00:00.000Z', null, noon)).toBe(false)
  })
})

describe('the delete guard', () => {
  const guard = { maxDeleteRatio: 0.2, minRows: 20 }

  test.each([
    [48, 240, false],
    [49, 240, true],
    [4, 20, false],
    [5, 20, true],
    [19, 19, false],
    [0, 0, false],
  ])('of %i deletions in %i rows: withheld is %s', (candidates, scanned, withheld) => {
    expect(isMassDelete(candidates, scanned, guard)).toBe(withheld)
  })
})

describe('the fingerprint', () => {
  test('is the same in whatever order the fields come, at any depth', () => {
    const one = { UUID: 'W1', LineItems: [{ Id: 1, Name: 'a' }], Status: 'Done' }
    const other = { Status: 'Done', LineItems: [{ Name: 'a', Id: 1 }], UUID: 'W1' }
    expect(fingerprint(one)).toBe(fingerprint(other))
  })

  test('tells values, types, absent fields and the order of lists apart', () => {
    const variants = [
      { Unit: 1 },
      { Unit: '1' },
      { Unit: null },
      {},
      { Tags: ['a', 'b'] },
      { Tags: ['b', 'a'] },
    ]
    expect(new Set(variants.map(fields => fingerprint({ UUID: 'W1', ...fields }))).size).toBe(variants.length)
  })

  test('survives storage as JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fields => {
        const job = { ...fields, UUID: 'W1' }
        expect(fingerprint(JSON.parse(JSON.stringify(job)))).toBe(fingerprint(job))
      }),
    )
  })
})

describe('a list that goes in circles', () => {
  const page = (from: number, hasMore = true) => ({ jobs: jobs(from, 3), hasMore })

  test('is followed while each page is new', () => {
    const trail = [page(1), page(4), page(7, false)].reduce(follow, noPages)
    expect(trail.firsts).toEqual(['W1', 'W4', 'W7'])
  })

  test.each([
    ['the page before once more', [page(1), page(1)]],
    ['the page before once more, as the last', [page(1), page(1, false)]],
    ['an earlier beginning', [page(1), page(4), { jobs: jobs(1, 2), hasMore: true }]],
    ['nothing, twice', [page(1), { jobs: [], hasMore: true }, { jobs: [], hasMore: true }]],
  ])('is left at %s', (_, pages) => {
    const loop = { name: 'PaginationLoopError', code: 'upstream_bad_response', scope: 'run' }
    expect(() => pages.reduce(follow, noPages)).toThrowError(expect.objectContaining(loop))
  })

  test('may end with a page that begins like an earlier one', () => {
    const last = { jobs: jobs(1, 1), hasMore: false }
    expect([page(1), page(4), last].reduce(follow, noPages).firsts).toHaveLength(3)
  })
})

describe('the offset mode', () => {
  const first = jobs(0, 100)
  const size = probeSize(100)

  test.each([
    ['record', 1],
    ['page', size],
    ['record, although two new jobs came in between', 3],
    ['page, although two jobs went in between', size - 2],
  ])('is %s', (mode, start) => {
    expect(offsetModeOf(first, first[start], size)).toBe(mode.split(',')[0])
  })

  test('is unknown when the probe is empty or lies elsewhere', () => {
    expect(offsetModeOf(first, undefined, size)).toBe('unknown')
    expect(offsetModeOf(first, { UUID: 'X' }, size)).toBe('unknown')
  })

  test('says how far the next page is', () => {
    expect(nextOffset('record', 100, 100)).toBe(200)
    expect(nextOffset('page', 1, 100)).toBe(2)
    expect(nextOffset('unknown', 100, 57)).toBe(157)
  })
})
