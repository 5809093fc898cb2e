import { describe, expect, it } from 'vitest'
import { audit } from '../../src/audit/audit.js'
import type { Evidence, StoredJob } from '../../src/evidence.js'
import { claim, commit, cursorAt, honest, story, withLines, withoutLines } from './story.js'

const stored = story().stored[0] as StoredJob
const storedAs = (differences: Partial<StoredJob>) => story({ stored: [{ ...stored, ...differences }] })
const kindsIn = (evidence: Evidence) => [...new Set(audit(evidence).violations.map(({ kind }) => kind))]

describe('an honest ledger', () => {
  it('has no violation, and its repeat and take-over are counted', () => {
    expect(audit(story())).toMatchObject({
      violations: [],
      repeats: { count: 1, bound: 2, byStalls: 0 },
      takeOver: { count: 1, p50Ms: 1_050, p99Ms: 1_050, boundMs: 2_100 },
      refused: 0,
    })
  })

  it('may lack the line of a write that a kill cut off', () => {
    expect(kindsIn(withoutLines(({ at }) => at === 1_030))).toEqual([])
    expect(kindsIn(withoutLines(({ at }) => at === 2_140))).toEqual([])
  })

  it('may tell of a stale write that was refused', () => {
    const late = commit(2_115, 1, 2, { cursor: cursorAt(3), answer: 'refused', storedToken: 2 })
    expect(audit(withLines(late))).toMatchObject({ violations: [], refused: 1 })
  })

  it('may tell late of a write that was sent in time', () => {
    expect(kindsIn(withLines(commit(2_115, 1, 2, { sentAt: 1_045, cursor: cursorAt(3) })))).not.toContain(
      'stale write',
    )
  })

  it('may tell of a write twice whose first answer was lost', () => {
    expect(kindsIn(withLines(commit(2_150, 2, 2, { sentAt: 2_139, state: 'completed' })))).toEqual([])
  })
})

describe('lost jobs', () => {
  it.each<[string, Evidence]>([
    ['a job that is not stored', story({ stored: [] })],
    ['a job that nobody enqueued', story({ enqueued: [] })],
    ['a job that has not ended', storedAs({ state: 'waiting' })],
    ['a job that failed', storedAs({ state: 'failed' })],
    ['an item that counted twice', storedAs({ progress: { ...stored.progress, done: 5 } })],
  ])('are found by %s', (_, evidence) => {
    expect(kindsIn(evidence)).toContain('lost job')
  })
})

describe('skipped items', () => {
  it('are found by a saved cursor', () => {
    expect(kindsIn(withoutLines(line => line.type === 'effect' && line.item === 2))).toEqual(['skipped item'])
  })

  it('are found when they are worked only after the cursor passed them', () => {
    const late = honest.map(line => (line.at === 1_020 ? { ...line, at: 1_035 } : line))
    expect(kindsIn(story({ lines: late }))).toEqual(['skipped item'])
  })

  it('are found by the end of a job that left no line of its last write', () => {
    const last = (at: number) => at === 2_120 || at >= 2_130
    expect(kindsIn(withoutLines(({ at }) => last(at)))).toEqual(['skipped item'])
  })
})

describe('stale writes', () => {
  it('are found by a newer claim before they were sent', () => {
    expect(kindsIn(withLines(commit(2_115, 1, 2)))).toContain('stale write')
  })

  it('are found by the newer token that the store had', () => {
    expect(kindsIn(withLines(commit(2_090, 1, 2, { storedToken: 2 })))).toEqual(['stale write'])
  })
})

describe('a cursor that moved back', () => {
  it('is found by the next claim', () => {
    const back = honest.map(line => (line.type === 'claim' && line.token === 2 ? claim(2_100, 2, 1) : line))
    expect(kindsIn(story({ lines: back }))).toEqual(['moved back'])
  })

  it('is found by a later write', () => {
    expect(kindsIn(withLines(commit(2_150, 2, 3, { cursor: cursorAt(3) })))).toEqual(['moved back'])
  })

  it('is found after the drain', () => {
    expect(kindsIn(storedAs({ cursor: cursorAt(3) }))).toEqual(['moved back'])
  })
})

describe('a job that was finished twice', () => {
  it('is found by two tokens that ended it', () => {
    expect(kindsIn(withLines(commit(2_090, 1, 2, { state: 'completed' })))).toContain('finished twice')
  })

  it('is found by a claim after its end', () => {
    expect(kindsIn(withLines(claim(2_200, 3, 4)))).toContain('finished twice')
  })

  it('is found by a token that went back', () => {
    expect(kindsIn(storedAs({ token: 1 }))).toContain('finished twice')
  })
})

describe('two owners', () => {
  it('are found by writes of both that got through', () => {
    expect(kindsIn(withLines(commit(2_125, 1, 2)))).toContain('two owners')
  })

  it('are found in a lane with one place', () => {
    const lane = { lane: 'narrow', laneLimit: 1 }
    const lines = ['a', 'b'].flatMap(job => honest.map(line => ({ ...line, job })))
    const evidence = story({
      lines,
      enqueued: ['a', 'b'].map(id => ({ id, items: 4, ...lane })),
      stored: ['a', 'b'].map(id => ({ ...stored, id })),
    })
    expect(kindsIn(evidence)).toContain('two owners')
    expect(
      kindsIn({ ...evidence, enqueued: evidence.enqueued.map(job => ({ ...job, laneLimit: 2 })) }),
    ).toEqual([])
  })
})
