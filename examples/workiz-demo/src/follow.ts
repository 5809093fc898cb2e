import { type GateView, JobStateError, type JobView } from '@longhaul/core'
import type { Demo } from './demo.js'
import type { LiveView, Wait } from './live-line.js'
import type { Screen } from './screen.js'
import { waitOf } from './wait.js'

/** Works the job to its end, or until `stopped`, and shows how it goes. Answers how it was left. */
export async function follow(demo: Demo, screen: Screen, stopped: AbortSignal): Promise<JobView> {
  const { runner, jobId } = demo
  const watching = watch(demo, screen)
  await runner.start()
  try {
    for await (const job of runner.watch(jobId, { pollMs: 250, signal: stopped })) watching.see(job)
    if (stopped.aborted) await pause(demo)
    await runner.stop({ graceMs: 3_000 })
    const left = (await runner.get(jobId)) as JobView
    watching.see(left)
    return left
  } finally {
    watching.end()
  }
}

/** Of a paused job, the time until it is resumed stays out of its ETA. */
async function pause({ runner, jobId }: Demo): Promise<void> {
  await runner.pause(jobId).catch(unlessEnded)
  const signal = AbortSignal.timeout(3_000)
  for await (const { state } of runner.watch(jobId, { pollMs: 100, signal })) if (state !== 'running') return
}

function unlessEnded(error: unknown): void {
  if (!(error instanceof JobStateError)) throw error
}

function watch({ runner }: Demo, screen: Screen) {
  const pace = paceMeter()
  let job: JobView | undefined
  let gate: GateView | undefined
  let ours = false
  let over = false
  const off = runner.on('started', () => {
    ours = true
  })
  const drawing = setInterval(() => void look().catch(() => {}), screen.everyMs)

  /** There is one gate, that of the one account. What can't be told now is told next time. */
  async function look() {
    const { gates } = await runner.gates.list()
    if (over) return
    gate = gates[0]
    draw(screen.live)
  }

  function draw(show: (view: LiveView) => void) {
    if (job?.progress.total == null) return
    show(viewOf(job, pace(job.progress.done), waitOf(job, gate, ours, Date.now())))
  }

  return {
    see(seen: JobView) {
      job = seen
      pace(seen.progress.done)
    },
    end() {
      over = true
      clearInterval(drawing)
      off()
      draw(screen.final)
    },
  }
}

function viewOf({ state, progress, counters, eta }: JobView, perSecond: number, wait: Wait | null): LiveView {
  const { done, total, skipped, failed } = progress
  const { updated = 0 } = counters
  const counted = [
    ['updated', updated],
    ['gone', skipped],
    ['failed', failed],
  ] as const
  return { done, total: total ?? done, perSecond, eta, stopped: state === 'paused', wait, counters: counted }
}

/** Items a second, over the last few seconds; the first call is the start. */
function paceMeter(overMs = 10_000): (done: number) => number {
  let marks: { readonly at: number; readonly done: number }[] = []
  return done => {
    const now = Date.now()
    marks = [...marks.filter(({ at }) => at >= now - overMs), { at: now, done }]
    const [first] = marks
    return first && now > first.at ? (1_000 * (done - first.done)) / (now - first.at) : 0
  }
}
