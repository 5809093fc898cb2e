import { type After, type NewJob, toStorable } from '@longhaul/core/store'
import { digits } from './digits.js'
import { frame, groupOf, marksOf } from './frames.js'
import { noWork } from './rows.js'
import { type Flag, type StoredText, storedText } from './texts.js'

/** Jobs behind each other that are alike in much: what they share is sent once. */
interface Run {
  readonly first: NewJob
  readonly inputFlag: Flag
  readonly hasMarks: boolean
  readonly waits: boolean
  /** What each of them has for itself. */
  readonly jobs: string[]
  count: number
}

/** Jobs as `insert` and a write with follow-up jobs bring them to the server: see `scripts/newcomers.ts`. */
export function newcomers(jobs: readonly NewJob[]): (string | number)[] {
  const runs: Run[] = []
  for (const job of jobs) addTo(runs, job, storedText(job.input), marksOf(job))
  return [runs.length].concat(...runs.map(argumentsOf as (run: Run) => number[]))
}

function addTo(runs: Run[], job: NewJob, input: StoredText, marks: string) {
  const hasMarks = marks !== ''
  let run = runs.at(-1)
  if (!run || run.hasMarks !== hasMarks || run.inputFlag !== input.flag || !areAlike(run.first, job)) {
    run = { first: job, inputFlag: input.flag, hasMarks, waits: job.after !== undefined, jobs: [], count: 0 }
    runs.push(run)
  }
  run.count++
  run.jobs.push(toStorable(job.id), restOfRow(job, input))
  if (hasMarks) run.jobs.push(marks)
  if (input.flag === '+') run.jobs.push(input.value)
  if (job.after) run.jobs.push(awaited(job.after))
}

function areAlike(a: NewJob, b: NewJob): boolean {
  return (
    a.processor === b.processor &&
    a.queue === b.queue &&
    a.priority === b.priority &&
    a.lane === b.lane &&
    a.laneLimit === b.laneLimit &&
    a.delayMs === b.delayMs &&
    a.runAt === b.runAt &&
    (a.after === undefined) === (b.after === undefined)
  )
}

function argumentsOf({ first, inputFlag, hasMarks, waits, jobs, count }: Run): (string | number)[] {
  const due = first.runAt === undefined ? `+${digits(first.delayMs, 16)}` : `@${digits(first.runAt, 16)}`
  const flags = `${first.lane === null ? '-' : 'l'}0-${noWaits}${inputFlag}---`
  const more = (hasMarks ? 'm' : '') + (waits ? 'a' : '') || '-'
  return [due, flags, sharedPart(first), more, count, ...jobs]
}

const noWaits = '0'.repeat(7)

/** For which end of whom a job waits. */
function awaited({ ids, outcome }: After): string {
  return outcome.charAt(0) + ids.map(frame).join('')
}

/** The part of a row that says how a job is claimed, and that it is not worked on yet. */
function sharedPart(job: NewJob): string {
  const place = (job.lane === null ? '' : frame(job.lane)) + groupOf(job)
  const turn = rankOf(job.priority) + digits(job.laneLimit, 7)
  return `${turn}${digits(Buffer.byteLength(place), 8)}${place}\0${noWork}\0`
}

/** The smaller, the sooner. */
export function rankOf(priority: number): string {
  return digits(1_000_000 - priority, 7)
}

function restOfRow(job: NewJob, { flag, value }: StoredText): string {
  return `\0${restOfSpec(job)}\0${flag === '=' ? value : ''}\0\0\0\0`
}

const widestLimit = 10 ** 7 - 1

/** What most jobs have nothing of. */
function restOfSpec({ key, tenant, correlationId, tags, group, note, laneLimit }: NewJob): string {
  const isWide = laneLimit > widestLimit
  const names = [key, tenant, correlationId, group, note]
  if (tags.length === 0 && !isWide && names.every(name => name === null)) return ''
  return JSON.stringify([key, tenant, correlationId, tags, group, note, ...(isWide ? [laneLimit] : [])])
}
