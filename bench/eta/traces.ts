import type { Observation } from '../../packages/core/src/progress/eta.js'

/** A whole run as its checkpoints saw it. */
export interface Trace {
  readonly total: number
  readonly steps: readonly Step[]
}

export interface Step extends Required<Observation> {
  /** Downtime up to here, which nobody can foresee. */
  readonly downMs: number
}

type Random = () => number

/** The kinds of runs, each from a source of chance. */
export const kinds: Readonly<Record<string, (random: Random) => Trace>> = {
  steady: random => run(random, {}),
  'twice as slow from somewhere on': random => run(random, { slowAt: 0.3 + 0.3 * random() }),
  'bursts: 25 calls, then 20 s pause': random => run(random, { noise: 0.1, pauseAfter: 25, every: 5 }),
  'restart, 10 to 60 min down': random => run(random, { downAt: 0.3 + 0.4 * random() }),
}

interface Shape {
  /** Checkpoint after this many items. */
  readonly every?: number
  /** Standard deviation of the logarithm of an item's time. */
  readonly noise?: number
  readonly slowAt?: number
  readonly downAt?: number
  readonly pauseAfter?: number
}

const total = 2_000
const itemMs = 1_000

function run(random: Random, { every = 10, noise = 0.5, slowAt = 1, downAt = 1, pauseAfter }: Shape): Trace {
  const steps: Step[] = [{ done: 0, now: 0, spent: 'working', downMs: 0 }]
  let [now, downMs] = [0, 0]
  const add = (done: number, spent: Step['spent']) => steps.push({ done, now, spent, downMs })

  for (let done = 1, downAfter = Math.round(downAt * total); done <= total; done++) {
    const slower = done > slowAt * total ? 2 : 1
    now += itemMs * slower * Math.exp(noise * normal(random) - noise ** 2 / 2)
    if (done === downAfter) {
      const lostMs = 600_000 + 3_000_000 * random()
      ;[now, downMs, downAfter] = [now + lostMs, downMs + lostMs, 0]
      done -= done % every
      add(done, 'down')
    } else if (done % every === 0) add(done, 'working')
    if (pauseAfter && done % pauseAfter === 0 && done < total) {
      now += 20_000
      add(done, 'waiting')
    }
  }
  return { total, steps }
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** The same numbers for the same start (mulberry32, by Tommy Ettinger, public domain). */
export function chance(start: number): Random {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
