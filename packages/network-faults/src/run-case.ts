import { eventually } from './eventually.js'
import { type Case, resumeWithinMs } from './matrix.js'
import { phases } from './phases.js'
import type { Place } from './places.js'
import { holdFor, type Stage, setUpStage, slots } from './stage.js'
import { wrongIn } from './verdict.js'

export interface Outcome {
  /** How long after healing the worker had done new work, in milliseconds. */
  readonly resumedMs: number
  /** Stale writes that the store refused. */
  readonly refused: number
}

/** Breaks the network once. @throws when anything is not as it must be afterwards. */
export async function runCase(each: Case, place: Place): Promise<Outcome> {
  const stage = await setUpStage(each, place)
  try {
    await stage.rival.runner.open()
    await untilStarted(stage)
    const stop = await phases[each.phase](stage)
    await holdFor(stage, each)
    if (isPassable(each)) await worksNow(stage)
    stop()
    await stage.proxy.heal()
    const resumedMs = await worksNow(stage)
    await usesAllSlots(stage)
    if (each.phase === 'listening') await hearsAgain(stage)
    await isWhole(stage)
    return { resumedMs, refused: refusedIn(stage) }
  } finally {
    await stage.close()
  }
}

/** The machine may be busy: a start that is too slow is repeated. */
async function untilStarted({ worker: { runner } }: Stage): Promise<void> {
  await eventually(patienceMs, () =>
    runner.start().then(
      () => [],
      error => [String(error)],
    ),
  )
}

/**
 * Whether the worker must do without healing: others than its listening connection are well, or new connections are
 * and it has had the time to give up the old ones.
 */
function isPassable({ fault, phase, hold }: Case): boolean {
  return phase === 'listening' || (fault === 'half-open' && hold === 'longer')
}

const patienceMs = 20_000

const within = { timeoutMs: resumeWithinMs, pollMs: 50 }

/** How long a job takes that is enqueued now. */
async function worksNow({ rival: { runner }, walk }: Stage): Promise<number> {
  const enqueuedAt = performance.now()
  await runner.waitFor(await runner.enqueue(walk, { held: false }), within)
  return performance.now() - enqueuedAt
}

/** As many jobs as there are slots, none of which ends before all are at work. */
async function usesAllSlots({ rival: { runner }, meet }: Stage): Promise<void> {
  const jobs = Array.from({ length: slots }, () => ({ input: {} }))
  const enqueued = await runner.enqueueMany(meet, jobs)
  await Promise.all(enqueued.map(job => runner.waitFor(job, within)))
}

/** The connection that is made anew may wake the worker once by itself. */
async function hearsAgain({ worker, enqueueWalks }: Stage): Promise<void> {
  const enough = worker.wakes() + 3
  await eventually(resumeWithinMs, async () => {
    await enqueueWalks(1)
    return worker.wakes() < enough ? ['the worker hears no hints any more'] : []
  })
}

async function isWhole({ rival, events, effects }: Stage): Promise<void> {
  await eventually(resumeWithinMs, async () => {
    const { jobs } = await rival.store.list({}, { limit: 1_000 })
    return wrongIn(jobs, events, effects)
  })
}

function refusedIn({ events }: Stage): number {
  return events.filter(event => event.type === 'answered' && !event.answer.accepted).length
}
