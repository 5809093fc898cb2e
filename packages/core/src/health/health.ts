import type { Clock } from '../clock.js'
import { describeError, type RedactText } from '../encoding/error-record.js'
import type { SlotUse } from '../engine/worker.js'
import type { ReadProcess } from '../process-usage.js'
import { type BacklogDeps, readBacklog } from './backlog.js'
import { reasonsIn, statusOf } from './judge.js'
import type { Thresholds } from './options.js'
import type { CpuHealth, Health, QueueHealth, StoreHealth, WorkerHealth } from './types.js'
import type { Vitals } from './vitals.js'
import { within } from './within.js'

export interface HealthDeps extends BacklogDeps {
  readonly clock: Clock
  readonly limits: Thresholds
  readonly vitals: Vitals
  readonly redact: RedactText
  readonly process: ReadProcess
  opened(): Promise<void>
  slots(): SlotUse | undefined
}

/** Looks at the store, the workers and the process. What can't be looked at is part of the answer: it never throws. */
export function createHealth(deps: HealthDeps): () => Promise<Health> {
  const { clock, limits } = deps
  const cpuSince = createCpu()

  return async () => {
    const store = await storeHealth(deps)
    const queue = store.reachable ? await queueHealth(deps) : null
    const worker = workerHealth(deps)
    const now = clock.now()
    const usage = readSafely(deps.process)
    const found = {
      ...{ worker, store, queue },
      memory: usage && { rssBytes: usage.rssBytes, heapUsedBytes: usage.heapUsedBytes },
      cpu: usage && cpuSince(usage.cpuMs, now),
      checkedAt: new Date(now).toISOString(),
    }
    const because = reasonsIn(found, limits, now)
    return { status: statusOf(because), because, ...found }
  }
}

async function storeHealth({ clock, limits, store, opened, redact }: HealthDeps): Promise<StoreHealth> {
  const startedAt = clock.now()
  try {
    const reading = opened().then(() => store.cell('clock'))
    await within(limits.storeTimeoutMs, clock, reading)
    return { reachable: true, latencyMs: clock.now() - startedAt }
  } catch (thrown) {
    const { code, name, message } = describeError(thrown, redact)
    return { reachable: false, latencyMs: clock.now() - startedAt, error: { code: code ?? name, message } }
  }
}

async function queueHealth(deps: HealthDeps): Promise<QueueHealth | null> {
  const reading = readBacklog(deps)
  const backlog = await within(deps.limits.storeTimeoutMs, deps.clock, reading).catch(() => null)
  if (!backlog) return null
  const { states, dueInMs, oldestDueMs } = backlog
  return { waiting: states.waiting, dueInMs, oldestDueMs }
}

function workerHealth({ vitals, slots }: HealthDeps): WorkerHealth {
  const used = slots()
  const lastClaimAt = vitals.lastClaimAt()
  return {
    running: used !== undefined,
    lastClaimAt: lastClaimAt === null ? null : new Date(lastClaimAt).toISOString(),
    slots: used ?? { busy: 0, free: 0 },
    lateMs: used ? vitals.lateMs() : null,
  }
}

/** A platform may forbid it. */
export function readSafely(read: ReadProcess) {
  try {
    return read()
  } catch {
    return null
  }
}

function createCpu() {
  let before: { readonly at: number; readonly usedMs: number } | undefined
  return (usedMs: number, now: number): CpuHealth => {
    const share = before && now > before.at ? (usedMs - before.usedMs) / (now - before.at) : null
    before = { at: now, usedMs }
    return { usedMs, share }
  }
}
