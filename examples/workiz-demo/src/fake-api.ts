import {
  cf520,
  createWorkizFake,
  type Fault,
  type FaultRule,
  fastRate,
  flagFalse,
  reset,
  tooMany,
  type WorkizData,
  type WorkizFake,
} from '@longhaul/workiz/fake'

/** A fake Workiz: its limits a hundred times as fast, and all that can go wrong. */
export function fakeApi(data: WorkizData, token: string): WorkizFake {
  return createWorkizFake({ data, token, rate: fastRate, faults: faultsFor(data) })
}

/**
 * What goes wrong, and at which share of the way. It hangs on the record alone, so that the totals are the same
 * however often the demo is killed.
 */
const badLuck: readonly (readonly [at: readonly number[], fault: Fault, times: number])[] = [
  [[0.18, 0.71], tooMany(), 1],
  [[0.46], tooMany({ retryAfter: 2 }), 1],
  [[0.05, 0.13, 0.27, 0.33, 0.39, 0.52, 0.58, 0.64, 0.83, 0.95], cf520(), 1],
  [[0.22, 0.87], reset(), 1],
  [[0.35, 0.61], flagFalse(), Number.POSITIVE_INFINITY],
  [[0.78], cf520(), Number.POSITIVE_INFINITY],
]

function faultsFor({ local }: WorkizData): FaultRule[] {
  const uuids = local.map(job => job.UUID).sort()
  return badLuck.flatMap(([shares, fault, times]) =>
    shares.map(share => ({ on: `job/get/${uuids[Math.floor(share * uuids.length)]}/`, fault, times })),
  )
}
