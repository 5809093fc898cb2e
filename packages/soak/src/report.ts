import Table from 'cli-table3'
import { type Fault, violationKinds } from './evidence.js'
import type { SoakReport } from './soak.js'

/** What a reader wants to know of some soaks. */
export function summary(reports: readonly SoakReport[]): string {
  return [figures(reports), violations(reports), ...reports.flatMap(examples)].join('\n')
}

function figures(reports: readonly SoakReport[]): string {
  const table = new Table({
    head: [
      'store',
      'jobs',
      'items',
      'kills',
      'pauses',
      'stops',
      'restarts',
      'kill or pause every',
      'repeats',
      'take-over p50 / p99',
      'refused',
      'items/s',
    ],
    style: { head: [], border: [] },
  })
  for (const report of reports) table.push(row(report))
  return String(table)
}

function row({ store, evidence, repeats, takeOver, refused, tookMs }: SoakReport): (string | number)[] {
  const { enqueued, faults } = evidence
  const items = enqueued.reduce((sum, job) => sum + job.items, 0)
  const count = (kind: Fault['kind']) => faults.filter(fault => fault.kind === kind).length
  return [
    store,
    enqueued.length,
    items,
    ...(['kill', 'pause', 'stop', 'server'] as const).map(count),
    `${strikeEveryMs(faults)} ms`,
    `${repeats.count} (≤ ${repeats.bound}; ${repeats.byStalls} by stalls)`,
    `${takeOver.p50Ms} / ${takeOver.p99Ms} ms (≤ ${takeOver.boundMs}; ${takeOver.count})`,
    refused,
    Math.round(items / (tookMs / 1_000)),
  ]
}

/** How long, on average, from one kill or pause to the next. */
export function strikeEveryMs(faults: readonly Fault[]): number {
  const at = faults.filter(({ kind }) => kind === 'kill' || kind === 'pause').map(fault => fault.at)
  return Math.round((Math.max(...at) - Math.min(...at)) / (at.length - 1))
}

function violations(reports: readonly SoakReport[]): string {
  const table = new Table({ head: ['violations', ...violationKinds], style: { head: [], border: [] } })
  for (const { store, violations } of reports) {
    table.push([store, ...violationKinds.map(kind => violations.filter(each => each.kind === kind).length)])
  }
  return String(table)
}

const mostExamples = 20

function examples({ store, violations, folder }: SoakReport): readonly string[] {
  if (violations.length === 0) return []
  const shown = violations.slice(0, mostExamples).map(({ kind, detail }) => `${store}: ${kind}: ${detail}`)
  return [...shown, `${store}: ${violations.length} violations, ledgers in ${folder}`]
}
