import { beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../src/evidence.js'
import { canSoak } from '../src/places.js'
import { strikeEveryMs } from '../src/report.js'
import type { SoakReport } from '../src/soak.js'
import { soakAll } from '../src/soak-all.js'
import { storeNames } from '../src/stores.js'

/** In all. More of it finds more: `npm run soak -- --minutes 10`. */
const minutes = Number(process.env.SOAK_MINUTES ?? 2)

/** How fast a job is taken over, and how often faults come, depends on the machine: reported, and judged on a quiet one. */
const isQuiet = process.env.SOAK_QUIET_MACHINE === '1'
const isWrong = ({ kind }: Violation) => isQuiet || kind !== 'slow take-over'

describe('workers that are killed, paused and restarted, on a server that crashes', () => {
  let reports: readonly SoakReport[]
  beforeAll(
    async () => {
      reports = await soakAll(storeNames.filter(canSoak), minutes)
    },
    (minutes + 10) * 60_000,
  )

  it.for(storeNames)('lose no job, skip no item and write nothing stale on %s', (store, { skip }) => {
    const report = reports.find(each => each.store === store)
    if (!report) return skip()
    expect(report.violations.filter(isWrong)).toEqual([])
    expect(report.refused, 'stale writes were tried').toBeGreaterThan(0)
    expect(report.repeats.count - report.repeats.byStalls).toBeLessThanOrEqual(report.repeats.bound)
    if (!isQuiet) return
    expect(report.takeOver.count).toBeGreaterThan(0)
    expect(strikeEveryMs(report.evidence.faults)).toBeLessThanOrEqual(310)
  })
})
