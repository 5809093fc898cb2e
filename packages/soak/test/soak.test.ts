import { beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../src/evidence.js'
import type { SoakReport } from '../src/soak.js'
import { soakAll } from '../src/soak-all.js'
import { canSoak, storeNames } from '../src/stores.js'

/** In all. More of it finds more: `npm run soak -- --minutes 10`. */
const minutes = Number(process.env.SOAK_MINUTES ?? 2)

/** How fast a job is taken over depends on the machine: that is reported, and not judged here. */
const isWrong = ({ kind }: Violation) => kind !== 'slow take-over'

describe('workers that are killed, paused and restarted, on a server that crashes', () => {
  let reports: readonly SoakReport[]
  beforeAll(
    async () => {
      reports = await soakAll(storeNames.filter(canSoak), minutes)
    },
    (minutes + 2) * 60_000,
  )

  it.for(storeNames)('lose no job, skip no item and write nothing stale on %s', (store, { skip }) => {
    const report = reports.find(each => each.store === store)
    if (!report) return skip()
    expect(report.violations.filter(isWrong)).toEqual([])
    expect(report.refused, 'stale writes were tried').toBeGreaterThan(0)
    expect(report.repeats.count).toBeLessThanOrEqual(report.repeats.bound)
    expect(report.takeOver.count).toBeGreaterThan(0)
  })
})
