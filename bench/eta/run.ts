/**
 * How far off is the estimate, over all checkpoints after 20 % of the work (and before the last percent)?
 * The median relative error over many runs of each kind, against three usual estimators.
 *
 * node --conditions=@longhaul/source --import tsx bench/eta/run.ts [first run] [runs]
 */
import { type EtaState, estimate, observe } from '../../packages/core/src/progress/eta.js'
import { chance, kinds, type Step, type Trace } from './traces.ts'

/** Takes a step, and answers how long the rest will take. */
type Estimator = (step: Step, left: number) => number

const estimators: Record<string, () => Estimator> = {
  longhaul: () => {
    let state: EtaState | null = null
    return (step, left) => {
      state = observe(state, step)
      return estimate(state, { done: step.done, total: step.done + left, now: step.now })?.remainingMs ?? 0
    }
  },
  'average, all time': () => (step, left) => (left * step.now) / step.done,
  'average, working time': () => {
    let workedMs = 0
    let before = 0
    return (step, left) => {
      if (step.spent === 'working') workedMs += step.now - before
      before = step.now
      return (left * workedMs) / step.done
    }
  },
  'EWMA of rates': () => {
    let rate = 0
    let before: Step = { done: 0, now: 0, spent: 'working', downMs: 0 }
    return (step, left) => {
      const latest = step.now > before.now ? (step.done - before.done) / (step.now - before.now) : rate
      rate = rate === 0 ? latest : 0.3 * latest + 0.7 * rate
      before = step
      return left / rate
    }
  },
}

const [firstRun = 1, runs = 50] = process.argv.slice(2).map(Number)
const table = Object.entries(kinds).map(([kind, make]) => {
  const traces = Array.from({ length: runs }, (_, index) => make(chance(firstRun + index)))
  const errors = Object.entries(estimators).map(([name, create]) => {
    return [name, percent(median(traces.flatMap(trace => relativeErrors(trace, create()))))]
  })
  const covered = mean(traces.flatMap(inRange))
  return { run: kind, ...Object.fromEntries(errors), 'in our range': percent(covered) }
})
console.table(table)

function relativeErrors({ total, steps }: Trace, estimator: Estimator): number[] {
  return steps.flatMap(step => {
    const restMs = estimator(step, total - step.done)
    const trueMs = truth(steps, step)
    return isJudged(step, total) ? [Math.abs(restMs - trueMs) / trueMs] : []
  })
}

function inRange({ total, steps }: Trace): number[] {
  let state: EtaState | null = null
  return steps.flatMap(step => {
    state = observe(state, step)
    const eta = estimate(state, { ...step, total })
    const trueMs = truth(steps, step)
    if (!eta || !isJudged(step, total)) return []
    return [eta.lowMs <= trueMs && trueMs <= eta.highMs ? 1 : 0]
  })
}

/** Without the downtime that is still to come. */
function truth(steps: readonly Step[], step: Step): number {
  const end = steps.at(-1) ?? step
  return end.now - step.now - (end.downMs - step.downMs)
}

function isJudged({ done }: Step, total: number): boolean {
  return done >= 0.2 * total && done <= 0.99 * total
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
