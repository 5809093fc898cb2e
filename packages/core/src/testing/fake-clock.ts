import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../clock.js'

/** A clock that moves only when told to. */
export interface FakeClock extends Clock {
  /** Moves time on, waking each sleeper at its own instant and letting its work run before the next one. */
  advance(ms: number): Promise<void>
  /** Time passes while nothing runs, as when the event loop stands still: whoever slept wakes late. */
  standStill(ms: number): void
  /** Moves straight to the next wait that is not in the background. `false` when nothing waits. */
  advanceToNext(): Promise<boolean>
}

interface Sleeper {
  readonly at: number
  readonly background: boolean
  wake(): void
}

/** @param startMs Epoch milliseconds. @defaultValue 2026-01-01T00:00:00Z */
export function fakeClock(startMs: number = Date.UTC(2026, 0, 1)): FakeClock {
  const sleepers = new Set<Sleeper>()
  let now = startMs

  async function moveTo(instant: number) {
    await settled()
    for (let next = earliest(sleepers); next && next.at <= instant; next = earliest(sleepers)) {
      now = Math.max(now, next.at)
      next.wake()
      await settled()
    }
    now = Math.max(now, instant)
  }

  return {
    now: () => now,
    advance: ms => moveTo(now + ms),

    standStill(ms) {
      now += ms
    },

    async advanceToNext() {
      await settled()
      const next = earliest([...sleepers].filter(sleeper => !sleeper.background))
      if (next) await moveTo(next.at)
      return next !== undefined
    },

    sleep: (ms, { signal, background = false } = {}) =>
      new Promise(resolve => {
        if (!(ms > 0) || signal?.aborted) return resolve()
        const sleeper = { at: now + ms, background, wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake, { once: true })
        function wake() {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
      }),
  }
}

function earliest(sleepers: Iterable<Sleeper>): Sleeper | undefined {
  let first: Sleeper | undefined
  for (const sleeper of sleepers) if (!first || sleeper.at < first.at) first = sleeper
  return first
}

/** Lets everything run that needs no time: promise chains, and a few turns of the event loop. */
async function settled() {
  for (let turn = 0; turn < 6; turn++) await setImmediate()
}
