import type { JobView } from '@longhaul/core'
import { type Demo, leaseMs } from './demo.js'
import { follow } from './follow.js'
import { count } from './format.js'
import { resumeLines } from './resume.js'
import type { Screen } from './screen.js'
import { stopSignal } from './stop.js'
import { summary } from './summary.js'

/** Works the job and tells all about it. Answers the exit code. */
export async function run(demo: Demo, screen: Screen): Promise<number> {
  screen.say(...opening(demo), '')
  const startedAt = Date.now()
  const stopped = stopSignal(() => screen.say('', 'Stopping. Once more ends it at once.'))
  const job = await follow(demo, screen, stopped)
  if (job.endedAt === null) return leave(job, screen)
  screen.say('', ...summary(await outcome(demo, job, Date.now() - startedAt)))
  return job.state === 'failed' ? 1 : 0
}

function opening({ plan }: Demo): string[] {
  const title = `${count(plan.records)} CRM records, to be refreshed from a fake Workiz API: one call each, one job.`
  return [title, ...(plan.kind === 'anew' ? [plan.why] : resumeLines(plan.job, Date.now(), leaseMs))]
}

function leave({ progress }: JobView, screen: Screen): number {
  const place = progress.total === null ? '' : ` at ${count(progress.done)} of ${count(progress.total)}`
  screen.say(`Stopped${place}, and all of it is saved. Start it again to resume.`)
  return 130
}

async function outcome({ plan, app, calls, runner, jobId }: Demo, job: JobView, ms: number) {
  return {
    job,
    rowsBefore: app.begunWith,
    rowsAfter: await app.rows(),
    calls: calls.tally(),
    session: { ms, doneBefore: plan.kind === 'resume' ? plan.job.progress.done : 0 },
    failed: (await runner.items(jobId, { limit: 500 })).records
      .filter(item => item.outcome === 'failed')
      .slice(0, 5),
  }
}
