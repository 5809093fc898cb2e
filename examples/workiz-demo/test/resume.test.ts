import type { JobView } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { readOptions } from '../src/options.js'
import { planFor, resumeLines } from '../src/resume.js'

const options = (...args: string[]) => readOptions(args, {})
const due = Date.parse('2026-01-15T12:00:05Z')

function job(change: Partial<JobView> = {}): JobView {
  const progress = { done: 675, total: 1_500, failed: 0, skipped: 0, percent: 45 }
  return {
    state: 'running',
    endedAt: null,
    dueAt: new Date(due).toISOString(),
    progress,
    ...change,
  } as JobView
}

describe('a start', () => {
  test('resumes the run that is not over', () => {
    expect(planFor(options(), job(), 1_500)).toMatchObject({ kind: 'resume', records: 1_500 })
    expect(planFor(options('--records', '1500'), job(), 1_500)).toMatchObject({ kind: 'resume' })
  })

  test('is anew where there is no run, or one that is over, or --fresh says so', () => {
    const over = job({ state: 'completed', endedAt: '2026-01-15T12:00:00.000Z' })
    expect(planFor(options(), undefined, 0)).toMatchObject({ kind: 'anew', records: 1_500 })
    expect(planFor(options('--records', '20'), over, 1_500)).toMatchObject({ kind: 'anew', records: 20 })
    expect(planFor(options('--fresh'), job(), 1_500)).toMatchObject({ kind: 'anew' })
  })

  test('is anew when the database of the app is gone', () => {
    expect(planFor(options(), job(), 0)).toMatchObject({ kind: 'anew' })
  })

  test('refuses to resume with another number of records', () => {
    expect(() => planFor(options('--records', '20'), job(), 1_500)).toThrow(
      'The unfinished run has 1,500 records',
    )
  })
})

describe('a resumed run', () => {
  test('tells where it goes on, and how long the dead one still holds the job', () => {
    const lines = resumeLines(job(), due - 4_000, 5_000).join('\n')
    expect(lines).toMatch(/was killed\. Resumes at 675 of 1,500, last saved at \d\d:\d\d:00\./)
    expect(lines).toContain('lease ends in 4.0 s')
  })

  test('tells a run that was stopped from one that was killed', () => {
    const [first] = resumeLines(job({ state: 'paused' }), due, 5_000)
    expect(first).toBe('The last run was stopped. Resumes at 675 of 1,500.')
  })

  test('waits for no lease that is over, or was given back', () => {
    expect(resumeLines(job(), due + 1, 5_000).join()).not.toContain('lease')
    expect(resumeLines(job({ state: 'waiting' }), due - 4_000, 5_000).join()).not.toContain('lease')
  })
})
