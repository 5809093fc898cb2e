import { defineProcessor } from '@longhaul/core'
import * as z from 'zod/mini'

/** One item was worked, by the owner with this token. */
export interface Effect {
  readonly job: string
  readonly item: number
  readonly token: number
}

export const itemCount = 6

/** How many of its items a `held` job works before it waits. */
const heldBehind = 3

/** Jobs whose effects are noted. Those of `slots` end only when as many as a worker has slots are at work at once. */
export function caseProcessors(slots: number) {
  const effects: Effect[] = []
  const together = meeting(slots)
  let goOn = () => {}
  const released = new Promise<void>(resolve => {
    goOn = resolve
  })

  const walk = defineProcessor({
    name: 'faults.walk',
    input: z.object({ held: z.boolean() }),
    batchSize: 2,
    items: ({ cursor, limit }) => numbersBehind(cursor ?? 0, limit),
    async each(item, { input, jobId, token }) {
      if (input.held && item > heldBehind) await released
      effects.push({ job: jobId, item, token })
    },
  })
  const meet = defineProcessor({
    name: 'faults.slots',
    input: z.object({}),
    run: ({ signal }) => together(signal),
  })

  return { walk, meet, effects, goOn: () => goOn() }
}

function numbersBehind(last: number, limit: number): (readonly [number, number])[] {
  const count = Math.max(0, Math.min(limit, itemCount - last))
  return Array.from({ length: count }, (_, index) => [last + index + 1, last + index + 1] as const)
}

/** Lets nobody go on before `size` are there at once. Who is told to stop leaves. */
function meeting(size: number) {
  const present = new Set<() => void>()
  return (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      present.add(resolve)
      signal.addEventListener('abort', () => present.delete(resolve) && reject(signal.reason))
      if (present.size === size) for (const leave of present) leave()
    })
}
