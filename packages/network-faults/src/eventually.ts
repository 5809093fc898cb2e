import { setTimeout as sleep } from 'node:timers/promises'

/** Looks every 100 ms until nothing is wrong. @throws with what still is when the time is over. */
export async function eventually(
  withinMs: number,
  whatIsWrong: () => Promise<readonly string[]>,
): Promise<void> {
  for (const deadline = performance.now() + withinMs; ; await sleep(100)) {
    const wrong = await whatIsWrong()
    if (wrong.length === 0) return
    if (performance.now() > deadline) throw new Error(wrong.join('\n'))
  }
}
