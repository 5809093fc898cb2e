import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRunner, type Runner } from '@longhaul/core'
import { type Audit, audit } from './audit/audit.js'
import type { Evidence, Limits, Violation } from './evidence.js'
import { injectFaults } from './fleet/faults.js'
import { type Fleet, startFleet } from './fleet/fleet.js'
import { readLedgers } from './ledger.js'
import { openPlace, type Place } from './places.js'
import { batchSize } from './processors.js'
import { produce, producible } from './producer.js'
import { allJobs, drained } from './stored-jobs.js'
import { openStore, type StoreName } from './stores.js'

export interface SoakOptions {
  readonly store: StoreName
  /** The worker's program, see `bundleWorker`. */
  readonly program: string
  readonly jobs: number
  /** How long faults are injected and jobs enqueued. The drain comes after it. */
  readonly durationMs: number
  readonly faultEveryMs: number
}

export interface SoakReport extends Audit {
  readonly store: StoreName
  readonly evidence: Evidence
  /** Where the ledgers are, if something was found. */
  readonly folder: string
  /** From the first job to the end of the last. */
  readonly tookMs: number
}

/** A short lease, so that many of them end. Of so many workers, half are paused or just starting at any moment. */
function limitsOf(store: StoreName): Limits {
  return { workers: 10, slots: 4, batchSize, leaseMs: 1_500, pollMs: 200, sharesLock: store === 'sqlite' }
}

/** Works jobs while workers and servers are killed, and audits what became of them. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const folder = await mkdtemp(join(tmpdir(), `longhaul-soak-${options.store}-`))
  const place = await openPlace(options.store, folder)
  try {
    const { evidence, strays, tookMs } = await gather(folder, place, options)
    const { violations, ...figures } = audit(evidence)
    const all = [...violations, ...diedOf(strays), ...damageTo(place)]
    await (all.length === 0 ? rm(folder, { recursive: true }) : keep(folder, evidence))
    return { store: options.store, evidence, folder, tookMs, ...figures, violations: all }
  } finally {
    await place.close()
  }
}

async function gather(folder: string, place: Place, options: SoakOptions) {
  const limits = limitsOf(options.store)
  const order = { store: options.store, location: place.location, folder, limits }
  const fleet = startFleet(options.program, order, limits.workers)
  const store = openStore(options.store, place.location)
  const runner = createRunner({ store, processors: producible })
  try {
    const worked = await workUnderFaults(runner, fleet, place, options)
    await fleet.close()
    const rest = { lines: readLedgers(folder), stored: await allJobs(store), limits }
    return { evidence: { ...worked.known, ...rest }, tookMs: worked.tookMs, strays: fleet.strays }
  } finally {
    await fleet.close()
    await runner.close()
  }
}

async function workUnderFaults(
  runner: Runner,
  fleet: Fleet,
  { restart: restartServer }: Place,
  { store, jobs, durationMs, faultEveryMs: everyMs }: SoakOptions,
) {
  const { leaseMs } = limitsOf(store)
  await fleet.allReady()
  const startedAt = Date.now()
  const [enqueued, faults] = await Promise.all([
    produce(runner, jobs, durationMs),
    injectFaults(fleet, { durationMs, everyMs, leaseMs, restartServer }),
  ])
  await drained(runner)
  return { known: { enqueued, faults }, tookMs: Date.now() - startedAt }
}

function diedOf(strays: readonly string[]): readonly Violation[] {
  return strays.map(detail => ({ kind: 'worker died', detail }))
}

function damageTo(place: Place): readonly Violation[] {
  const detail = place.damage?.()
  return detail === undefined ? [] : [{ kind: 'unsound store', detail }]
}

/** What the driver knows, beside the ledgers. */
async function keep(folder: string, { faults, enqueued, stored }: Evidence): Promise<void> {
  await writeFile(join(folder, 'driver.json'), JSON.stringify({ faults, enqueued, stored }))
}
