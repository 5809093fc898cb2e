import type { Clock, Random } from '@longhaul/core'

export interface CronOptions {
  readonly clock: Clock
  readonly everyMs: number
  readonly random: Random
  /** How many of all calls never come, and how many come twice. From 0 to 1. @defaultValue 0 */
  readonly dropped?: number
  readonly doubled?: number
  call(): Promise<unknown>
}

/** Calls every now and then, waits for no answer and tries nothing again: at its best once, at its worst never or twice. */
export async function runCron(options: CronOptions, signal: AbortSignal): Promise<void> {
  const { clock, everyMs, random, dropped = 0, doubled = 0, call } = options
  while (!signal.aborted) {
    await clock.sleep(everyMs, { signal, background: true })
    if (signal.aborted) return
    const chance = random()
    const calls = chance < dropped ? 0 : chance < dropped + doubled ? 2 : 1
    for (let time = 0; time < calls; time++) void call().catch(() => {})
  }
}
