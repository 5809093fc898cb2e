import type { Clock } from '@longhaul/core'

/** Whether a process may go on: paused, it goes on late; gone, never. */
export interface Life {
  readonly isGone: boolean
  /** Until then nothing of it runs. */
  pause(ms: number): void
  end(): void
  /** To be awaited before all that the process does outside itself. Never resolves once it is gone. */
  step(): Promise<void>
}

export function createLife(clock: Clock): Life {
  let pausedUntil = Number.NEGATIVE_INFINITY
  let gone = false
  return {
    get isGone() {
      return gone
    },
    pause(ms) {
      pausedUntil = clock.now() + ms
    },
    end() {
      gone = true
    },
    async step() {
      while (!gone && clock.now() < pausedUntil) await clock.sleep(pausedUntil - clock.now())
      if (gone) await new Promise(() => {})
    },
  }
}

/** The clock as that process has it: it wakes from no sleep while it is paused or gone. */
export function clockOf(life: Pick<Life, 'step'>, clock: Clock): Clock {
  return {
    now: () => clock.now(),
    async sleep(ms, options) {
      await clock.sleep(ms, options)
      await life.step()
    },
  }
}
