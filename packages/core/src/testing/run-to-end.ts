import type { Runner } from '../runner.js'
import type { FakeClock } from './fake-clock.js'

/** The few members of a runner that time has to be moved for. */
type Worked = Pick<Runner, 'work' | 'stats'>

const mostPasses = 10_000

/**
 * Works until no job waits or runs any more, moving time to whatever comes next: a retry, a gate that opens, a
 * lease that ends. Nothing sleeps.
 *
 * @throws when jobs still are not done after 10,000 passes.
 */
export async function runToEnd(runner: Worked, clock: FakeClock): Promise<void> {
  for (let pass = 0; pass < mostPasses; pass++) {
    const { dueInMs } = await finished(runner.work(), clock)
    if (dueInMs === null || (await areDone(runner))) return
    await clock.advance(dueInMs)
  }
  throw new Error(`Jobs still wait after ${mostPasses} passes. See runner.list() for what they wait for.`)
}

/** A schedule may go on for ever; that is not waited for. Where the store does not say, another pass will tell. */
async function areDone(runner: Worked): Promise<boolean> {
  const counts = await runner.stats({ states: ['waiting', 'running'] }).catch(() => undefined)
  return counts !== undefined && counts.states.waiting + counts.states.running === 0
}

/**
 * Works one pass and stops it once `items` items are done, as a deadline would: the rest waits. Exactly so many where items are
 * worked one at a time (a processor's `concurrency` and the runner's are 1), else what was in flight is done too.
 */
export async function interruptAt(runner: Worked, clock: FakeClock, items: number): Promise<void> {
  await finished(runner.work({ maxItems: items }), clock)
}

/** Moves time on whenever the work waits for it, until the work is done. */
async function finished<Result>(work: Promise<Result>, clock: FakeClock): Promise<Result> {
  let over = false
  const ended = work.finally(() => {
    over = true
  })
  ended.catch(() => {})
  while (!over) await clock.advanceToNext()
  return ended
}
