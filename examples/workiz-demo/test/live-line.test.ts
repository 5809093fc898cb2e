import { describe, expect, test } from 'vitest'
import { type LiveView, liveLine, plainLine } from '../src/live-line.js'

const halfway: LiveView = {
  done: 675,
  total: 1_500,
  perSecond: 41.4,
  eta: { lowMs: 17_800, highMs: 24_400 },
  stopped: false,
  wait: null,
  counters: [
    ['updated', 81],
    ['gone', 27],
    ['failed', 1],
  ],
}

const widest: LiveView = {
  done: 99_998,
  total: 100_000,
  perSecond: 999,
  eta: { lowMs: 3_540_000, highMs: 7_140_000 },
  stopped: false,
  wait: { what: 'waits', ms: 119_000, reason: 'lease of the killed run' },
  counters: [
    ['updated', 99_999],
    ['gone', 99_999],
    ['failed', 99_999],
  ],
}

describe('the live line', () => {
  test('shows a bar, how far, how fast, how long yet, the gate and what was counted', () => {
    expect(liveLine(halfway, 128)).toBe(
      '━━━━━━━━━━──────────────   45 %    675 of 1,500   41/s  18–24 s left    gate open               81 updated · 27 gone · 1 failed',
    )
  })

  test('says why it waits, and for how long', () => {
    const line = liveLine({ ...halfway, wait: { what: 'gate closed', ms: 3_210, reason: '429' } }, 120)
    expect(line).toContain('gate closed 3.2 s: 429')
    expect(line).not.toContain('gate open')
  })

  test.each([30, 60, 80, 100, 110, 200])('fits into %i columns, whatever it has to tell', columns => {
    for (const view of [halfway, widest]) expect(liveLine(view, columns).length).toBeLessThanOrEqual(columns)
  })

  test('gives up its counters first where it is narrow, and its bar never', () => {
    expect(liveLine(halfway, 80)).toMatch(/^━+─+ .*gate open/)
    expect(liveLine(halfway, 80)).not.toContain('updated')
  })

  test('has a full bar at the end, and an empty one at the start', () => {
    expect(liveLine({ ...halfway, done: 1_500 }, 128)).toMatch(/^━{24} /)
    expect(liveLine({ ...halfway, done: 0 }, 128)).toMatch(/^─{24} /)
  })

  test('is as wide with colours as without', () => {
    const seen: string[] = []
    const plain = liveLine({ ...halfway, wait: { what: 'gate closed', ms: 100, reason: '429' } }, 120)
    const painted = liveLine(
      { ...halfway, wait: { what: 'gate closed', ms: 100, reason: '429' } },
      120,
      (style, text) => {
        seen.push(style)
        return text
      },
    )
    expect(painted).toBe(plain)
    expect(seen).toEqual(['green', 'dim', 'yellow'])
  })

  test('gives only the upper end of a time where the lower one says nothing', () => {
    expect(plainLine({ ...halfway, eta: { lowMs: 900, highMs: 50_000 } })).toContain('up to 50 s left')
  })

  test('claims no time that is not known', () => {
    expect(plainLine({ ...halfway, eta: null })).toContain('estimating')
    expect(plainLine({ ...halfway, eta: null, stopped: true })).toContain('/s  stopped ')
  })
})

test('a plain line never is longer than 110 columns', () => {
  expect(plainLine(widest).length).toBeLessThanOrEqual(110)
})
