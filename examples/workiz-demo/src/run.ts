import type { ItemView, JobView } from '@longhaul/core'
import { type Demo, leaseMs } from './demo.js'
import { follow } from './follow.js'
import { count } from './format.js'
import { resumeLines } from './resume.js'
import type { Screen } from './screen.js'
import { stopSignal } from './stop.js'
import { type Outcome, summary } from './summary.js'

/** Works the job and tells all about it. Answers the exit code. */
export async function run(demo: Demo, screen: Screen): Promise<number> {
  screen.say(...opening(demo), '')
  const startedAt = Date.now()
  const stopped = stopSignal(() => screen.say('Stopping. Once more ends it at once.'))
  const job = await follow(demo, screen, stopped)
  if (job.endedAt === null) return leave(job, screen)
  screen.say('', ...summary(await outcome(demo, job, Date.now() - startedAt)))
  return job.state === 'failed' ? 1 : 0
}

function opening({ plan }: Demo): string[] {
  return [
    `${count(plan.records)} CRM records, to be refreshed from a fake Workiz API: one call each, one job.`,
    ...(plan.kind === 'anew' ? [plan.why] : resumeLines(plan.job, Date.now(), leaseMs)),
    `Stop it as you like (Ctrl-C, or kill -9 ${process.pid}), and start it again.`,
  ]
}

function leave({ progress }: JobView, screen: Screen): number {
  const place = progress.total === null ? '' : ` at ${count(progress.done)} of ${count(progress.total)}`
  screen.say('', `Stopped${place}, and all of it is saved. Start it again to resume.`)
  return 130
}

async function outcome(demo: Demo, job: JobView, ms: number): Promise<Outcome> {
  const { plan, app, calls } = demo
  return {
    job,
    rowsBefore: app.begunWith,
    rowsAfter: await app.rows(),
    calls: calls.tally(),
    session: { ms, doneBefore: plan.kind === 'resume' ? plan.job.progress.done : 0 },
    failed: await firstFailed(demo, 5),
  }
}

async function firstFailed({ runner, jobId }: Demo, most: number): Promise<ItemView[]> {
  const failed: ItemView[] = []
  for (let after: string | null | undefined; after !== null && failed.length < most; ) {
    const page = await runner.items(jobId, { limit: 500, ...(after && { after }) })
    failed.push(...page.records.filter(item => item.outcome === 'failed'))
    after = page.next
  }
  return failed.slice(0, most)
}
