import { drain, growth } from './drain.mjs'
import { enqueueBulk, enqueueSingle } from './enqueue.mjs'
import { idle } from './idle.mjs'
import { importTime } from './import-time.mjs'
import { latency, latencyAcross } from './latency.mjs'
import { twoWorkers } from './two-workers.mjs'

/**
 * `jobs` is how many a trial has by default; `measure` answers figures by name. A raw loop polls without a pause, so
 * where waiting is measured it has no part.
 */
export const workloads = {
  'enqueue-single': { jobs: 5_000, measure: enqueueSingle },
  'enqueue-bulk': { jobs: 20_000, measure: enqueueBulk },
  'drain-1': { jobs: 2_000, measure: drain(1) },
  'drain-10': { jobs: 5_000, measure: drain(10) },
  'drain-100': { jobs: 10_000, measure: drain(100) },
  'two-workers': { jobs: 10_000, measure: twoWorkers },
  latency: { measure: latency, raw: false },
  'latency-across': { measure: latencyAcross, raw: false },
  growth: { jobs: 10_000, measure: growth },
  idle: { measure: idle, raw: false },
  import: { measure: importTime },
}

/** All figures are better when they are lower, but for these. */
export function isRate(figure) {
  return figure.endsWith('jobs/s') || figure.endsWith('%')
}
