import type { JobHead } from '@longhaul/core/store'
import { nameOf, type Run } from '../run.js'
import { cursorsMovedBack } from './cursors.js'
import { missedDeadlines } from './deadlines.js'
import { wrongEffects } from './effects.js'
import { wrongEnds } from './ends.js'
import { ranBesideItself } from './handlers.js'
import { wrongHolders } from './holders.js'
import { ranTooEarly } from './order.js'
import { askedForPaused } from './pauses.js'
import { wrongReads } from './reads.js'
import { wrongSlots } from './slots.js'

const audits = [
  wrongEnds,
  wrongEffects,
  cursorsMovedBack,
  wrongHolders,
  ranTooEarly,
  ranBesideItself,
  missedDeadlines,
  askedForPaused,
  wrongSlots,
  wrongReads,
]

/** What is wrong with what a run left behind; nothing if every promise was kept. */
export function violationsIn(run: Run): readonly string[] {
  const found = audits.flatMap(audit => audit(run))
  return found.map(violation => withNames(violation, run.jobs))
}

/** Ids differ from run to run. */
function withNames(text: string, jobs: readonly JobHead[]): string {
  return jobs.reduce((all, job) => all.replaceAll(job.id, `"${nameOf(job)}"`), text)
}
