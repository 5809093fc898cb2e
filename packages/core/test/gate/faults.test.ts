import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Clock, Random } from '../../src/clock.js'
import { readState } from '../../src/gate/cell-keeper.js'
import { type Gate, type GateOptions, sharedGate } from '../../src/gate/index.js'
import { type CellChange, type Store, StoreError } from '../../src/store/index.js'
import { type FakeClock, fakeClock } from '../../src/testing/fake-clock.js'
import { testCells } from './cells.js'
import { mostIn } from './rules/virtual-gate.js'

/** Some workers, each with a wrong clock of its own, before a store that is slow, fails, and loses its replies. */
const fleets = fc.record({
  seed: fc.integer(),
  faults: fc.constantFrom<number>(0, 0.1, 0.4),
  latencyMs: fc.constantFrom<number>(0, 30, 300),
  workers: fc.array(
    fc.record({ aheadMs: fc.integer({ min: -100_000, max: 100_000 }), diesAfter: fc.option(fc.nat(60)) }),
    { minLength: 2, maxLength: 4 },
  ),
  asks: fc.array(fc.record({ who: fc.nat(3), waitMs: fc.nat(400) }), { minLength: 20, maxLength: 60 }),
})

test('no window holds more than its limit, whatever the store and the workers do, and no call is made uncounted', async () => {
  const rates = fc.record({ limit: fc.constantFrom(1, 3, 100), perMs: fc.integer({ min: 200, max: 2_000 }) })
  const property = fc.asyncProperty(fleets, rates, async (fleet, rate) => {
    const { granted, called } = await run(fleet, { rates: [rate], waitInPlaceMs: 1_000 })
    expect(mostIn(granted, rate.perMs)).toBeLessThanOrEqual(rate.limit)
    // Permits of a large limit are written down a little later than they were given, on a grid.
    const gridMs = rate.limit > 64 ? Math.ceil(rate.perMs / 64) : 0
    called.forEach((at, index) => {
      const before = granted.filter(permit => permit <= at + gridMs).length
      expect(before, 'permits before this call').toBeGreaterThan(index)
    })
  })
  await fc.assert(property, { numRuns: 60 })
}, 60_000)

test('a breaker that is half open lets exactly as many try as it is told, over all workers', async () => {
  const property = fc.asyncProperty(fleets, fc.integer({ min: 1, max: 3 }), async (fleet, halfOpenMax) => {
    const breaker = { failureThreshold: 1, recoveryMs: 1_000, halfOpenMax, probeMs: 86_400_000 }
    const gate = { breaker, waitInPlaceMs: 500 }
    const { called } = await run(fleet, gate, opener => opener.report({ kind: 'failed' }))
    expect(called.length).toBeLessThanOrEqual(halfOpenMax)
    if (fleet.faults === 0 && fleet.workers.every(({ diesAfter }) => diesAfter === null))
      expect(called).toHaveLength(halfOpenMax)
    expect(called.every(at => at >= 1_000)).toBe(true)
  })
  await fc.assert(property, { numRuns: 60 })
}, 60_000)

test('without faults the limit is reached, for latency costs no permit', async () => {
  const fleet = {
    seed: 1,
    faults: 0,
    latencyMs: 30,
    workers: [1, 2, 3].map(() => ({ aheadMs: 0, diesAfter: null })),
    asks: Array.from({ length: 60 }, (_, index) => ({ who: index % 3, waitMs: 100 })),
  }
  const { called } = await run(fleet, { rates: [{ limit: 2, perMs: 1_000 }], waitInPlaceMs: 1_000 })
  expect(called.length).toBeGreaterThanOrEqual(12)
})

type Fleet = typeof fleets extends fc.Arbitrary<infer Value> ? Value : never

/** All that happened, in milliseconds by the store's clock. */
async function run(
  { seed, faults, latencyMs, workers, asks }: Fleet,
  options: Partial<GateOptions>,
  begin: (gate: Gate) => unknown = () => undefined,
) {
  const clock = fakeClock(0)
  const random = seeded(seed)
  const store = watched(clock)
  const gates = workers.map(({ aheadMs, diesAfter }) => {
    const skewed: Clock = { ...clock, now: () => clock.now() + aheadMs }
    const cells = faulty(store.cells, { clock, random, faults, latencyMs, diesAfter: diesAfter ?? 1e9 })
    return sharedGate({ key: 'api', ...options }, { cells, clock: skewed, random })
  })
  await begin(sharedGate({ key: 'api', ...options }, { cells: store.cells, clock, random }))
  store.granted.length = 0

  const called: number[] = []
  const calls: Promise<unknown>[] = []
  for (const { who, waitMs } of asks) {
    await clock.advance(waitMs)
    const gate = gates[who % gates.length] as Gate
    calls.push(gate.pass().then(() => called.push(clock.now()), ignored))
  }
  while (await clock.advanceToNext()) {}
  await Promise.all(calls)
  return { granted: store.granted, called: called.sort((a, b) => a - b) }
}

/** Cells that write down each permit that was stored. */
function watched(clock: FakeClock) {
  const granted: number[] = []
  const cells = testCells(clock)
  const swap: Store['swap'] = async (name, change) => {
    const before = await cells.cell(name)
    const swapped = await cells.swap(name, change)
    if (swapped && swapped.version !== before.version)
      granted.push(...newPermits(before.value, swapped.value))
    return swapped
  }
  return { cells: { ...cells, swap }, granted }
}

function newPermits(before: string | null, after: string | null): number[] {
  if (!after?.startsWith('{')) return []
  const known = new Map(readState(before).windows[0]?.stamps)
  const stamps = readState(after).windows[0]?.stamps ?? []
  return stamps.flatMap(([at, count]) => Array.from({ length: count - (known.get(at) ?? 0) }, () => at))
}

interface Faults {
  readonly clock: Clock
  readonly random: Random
  /** The chance that a call fails before it is applied, and that its reply is lost after it. */
  readonly faults: number
  readonly latencyMs: number
  /** How many calls until the worker is gone. */
  readonly diesAfter: number
}

function faulty(
  cells: Pick<Store, 'cell' | 'swap'>,
  { clock, random, faults, latencyMs, diesAfter }: Faults,
) {
  let calls = 0
  async function pass<Result>(call: () => Promise<Result>): Promise<Result> {
    const [before, after] = [random() < faults, random() < faults]
    await clock.sleep(Math.floor(random() * latencyMs))
    if (++calls > diesAfter || before) throw lost()
    const result = await call()
    await clock.sleep(Math.floor(random() * latencyMs))
    if (after) throw lost()
    return result
  }
  return {
    cell: (name: string) => pass(() => cells.cell(name)),
    swap: (name: string, change: CellChange) => pass(() => cells.swap(name, change)),
  }
}

function lost() {
  return new StoreError('store_unavailable', 'test', 'No reply.', { retryable: true })
}

function ignored() {}

/** Mulberry32: small, and the same for the same seed. */
function seeded(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
