import type { ItemView, JobView } from '@longhaul/core'
import type { CallTally } from './call-ledger.js'
import { count, duration } from './format.js'

/** How a run ended. */
export interface Outcome {
  readonly job: JobView
  readonly rowsBefore: number
  readonly rowsAfter: number
  readonly calls: CallTally
  /** Of this process, with what it found done. */
  readonly session: { readonly ms: number; readonly doneBefore: number }
  readonly failed: readonly ItemView[]
}

/** Pure. */
export function summary(outcome: Outcome): string[] {
  const { job, rowsBefore, rowsAfter } = outcome
  return [
    titleOf(job),
    '',
    row('Records', recordsOf(outcome)),
    row('CRM', `${count(rowsBefore)} rows before, ${count(rowsAfter)} after`),
    row('API', callsOf(outcome.calls)),
    row('Trouble', troublesOf(outcome.calls)),
    row('Time', timeOf(outcome)),
    ...outcome.failed.map((item, index) => row(index === 0 ? 'Failed' : '', failureOf(item))),
  ]
}

function titleOf({ state, progress, errors }: JobView): string {
  if (state === 'completed') return 'Completed.'
  if (state !== 'completed_with_errors')
    return `The job ${state}: ${errors?.last.message ?? 'no reason known'}`
  const records = progress.failed === 1 ? '1 record' : `${count(progress.failed)} records`
  return `Completed with errors: ${records} failed.`
}

function recordsOf({ job: { progress, counters }, rowsBefore, rowsAfter }: Outcome): string {
  const { updated = 0, unchanged = 0 } = counters
  const parts = { unchanged, updated, deleted: rowsBefore - rowsAfter, failed: progress.failed }
  return `${count(progress.done)} scanned = ${sumOf(parts)}`
}

function callsOf({ calls, records, retries, repeats }: CallTally): string {
  const after = repeats > 0 ? { 'repeated after an interruption': repeats } : {}
  return `${count(calls)} calls = ${sumOf({ records, retries, ...after })}`
}

function sumOf(parts: Readonly<Record<string, number>>): string {
  return Object.entries(parts)
    .map(([name, value]) => `${count(value)} ${name}`)
    .join(' + ')
}

/** What was not tried again is the last call of a record that failed. */
function troublesOf({ troubles, retries }: CallTally): string {
  const all = [...troubles.values()].reduce((sum, times) => sum + times, 0)
  if (all === 0) return 'none'
  const kinds = [...troubles].map(([answer, times]) => [
    answer === 'cut' ? 'cut off' : `with ${answer}`,
    times,
  ])
  const ending = all > retries ? `; ${count(all - retries)} not retried` : ''
  return `${count(all)} failed calls = ${sumOf(Object.fromEntries(kinds))}${ending}`
}

function timeOf({ job, session }: Outcome): string {
  const perSecond = (1_000 * (job.progress.done - session.doneBefore)) / Math.max(1, session.ms)
  const here = `${duration(session.ms)}, ${perSecond.toFixed(0)} records/s`
  if (session.doneBefore === 0) return here
  const allMs = Date.parse(job.endedAt ?? '') - Date.parse(job.startedAt ?? '')
  return `${here} since it was resumed; ${duration(allMs)} since the first start`
}

function failureOf({ key, reason }: ItemView): string {
  return `${key}  ${reason ?? 'no reason known'}`.slice(0, 98)
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(9)}${text}`
}
