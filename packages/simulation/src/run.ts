import type { JobDetails } from '@longhaul/core'
import { isEnded, type JobHead } from '@longhaul/core/store'
import { type Event, only } from './events.js'
import type { Scenario } from './scenarios/index.js'
import { type Setting, type Stage, setUpStage } from './stage.js'

/** What one run left behind. */
export interface Run {
  readonly scenario: Scenario
  readonly events: readonly Event[]
  /** As they are stored in the end. */
  readonly jobs: readonly JobHead[]
  /** As people see them in the end. */
  readonly seen: readonly JobDetails[]
}

/** What a person knows it by: its key, or else its first tag. */
export function nameOf({ key, tags: [tag], id }: JobHead): string {
  return key ?? tag ?? id
}

const stepMs = 1_000
/** By then all must have ended, however many faults there were. */
const patienceMs = 600_000

/** Lets the workers of a scenario work until all is done and no call is late any more. */
export async function run(scenario: Scenario, setting: Setting): Promise<Run> {
  const stage = setUpStage(scenario, setting)
  const { clock, client, events } = stage
  await scenario.prepare?.(client, clock)
  const until = clock.now() + patienceMs
  const told = follow(scenario.script(client, clock))
  stage.hire()
  await clock.advance(apartMs)
  stage.hire()
  while (clock.now() < until && !(told() && (await isOver(stage, scenario, setting))))
    await clock.advance(stepMs)
  stage.end()
  const jobs = await jobsIn(stage)
  return { scenario, events, jobs, seen: await seenBy(client, jobs) }
}

/** The second worker comes so much after the first, which therefore gets the first job. */
const apartMs = 100

/** Answers whether the script is at its end. @throws what it threw. */
function follow(script: Promise<unknown>): () => boolean {
  let end: PromiseSettledResult<unknown> | undefined
  void Promise.allSettled([script]).then(ends => {
    end = ends[0]
  })
  return () => {
    if (end?.status === 'rejected') throw end.reason
    return end !== undefined
  }
}

async function isOver(stage: Stage, { expects }: Scenario, { lateMs }: Setting): Promise<boolean> {
  const lastLate = only(stage.events, 'called').findLast(({ fault }) => fault?.startsWith('late'))
  if (lastLate && stage.clock.now() <= lastLate.at + lateMs) return false
  const jobs = await jobsIn(stage)
  const names = jobs.map(nameOf)
  return Object.keys(expects.jobs).every(name => names.includes(name)) && jobs.every(hasEnded)
}

function hasEnded({ state }: JobHead): boolean {
  return isEnded(state)
}

async function seenBy({ get }: Stage['client'], jobs: readonly JobHead[]): Promise<readonly JobDetails[]> {
  const seen = await Promise.all(jobs.map(({ id }) => get(id)))
  return seen.flatMap(job => job ?? [])
}

async function jobsIn({ store }: Stage): Promise<readonly JobHead[]> {
  return (await store.list({}, { limit: 1_000 })).jobs
}
