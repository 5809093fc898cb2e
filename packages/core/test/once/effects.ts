import { setImmediate } from 'node:timers/promises'
import { expect } from 'vitest'
import { z } from 'zod'
import { createRunner, defineProcessor, type ItemErrorPolicy, memoryStore } from '../../src/index.js'
import type { AnyProcessor } from '../../src/processor/types.js'
import type { Store } from '../../src/store/index.js'
import { type Fault, fakeClock, faultyStore, runToEnd } from '../../src/testing/index.js'

/** Effects on the outside world, each with a receipt of its own, and what handlers were told that they gave. */
export function outsideWorld() {
  const done: string[] = []
  const told = new Map<string, string[]>()
  return {
    /** Every effect, in order. */
    done,
    times: (what: string) => done.filter(effect => effect === what).length,

    charge(what: string): string {
      done.push(what)
      return `receipt ${done.length} for ${what}`
    },

    tell(what: string, receipt: string): void {
      told.set(what, [...(told.get(what) ?? []), receipt])
    },

    /** What was told once is what is told ever after: that is what an answer of `once` promises. */
    assertOneReceiptEach(): void {
      for (const receipts of told.values()) expect(new Set(receipts).size).toBe(1)
    },
  }
}

export type World = ReturnType<typeof outsideWorld>

export interface ChargesOptions {
  readonly items?: number
  readonly batchSize?: number
  readonly concurrency?: number
  /** The source has page cursors of its own. */
  readonly pages?: boolean
  readonly onItemError?: ItemErrorPolicy
  /** Called for an item after its effect. */
  readonly afterwards?: (id: number) => unknown
}

/** A walk that charges each item once, and mails a report at its end. */
export function charges(
  world: World,
  { items = 6, pages = false, afterwards = () => {}, ...policy }: ChargesOptions = {},
) {
  const behind = (cursor: number | null, limit: number) =>
    Array.from({ length: Math.min(limit, items - (cursor ?? 0)) }, (_, index) => (cursor ?? 0) + index + 1)
  return defineProcessor({
    name: 'charges',
    input: z.null(),
    items: ({ cursor, limit }) => {
      const ids = behind(cursor, limit)
      const keyed = ids.map(id => [id, id] as const)
      return pages ? { items: keyed, next: ids.at(-1) === items ? null : (ids.at(-1) ?? null) } : keyed
    },
    each: async (id, { once, count }) => {
      world.tell(`item ${id}`, await once('charge', () => world.charge(`item ${id}`)))
      await afterwards(id)
      count('charged')
    },
    finish: async ({ once, progress }) => {
      world.tell('report', await once('report', () => world.charge('report')))
      return progress.done
    },
    retry: { attempts: 4, backoff: { type: 'fixed', delayMs: 10 } },
    batchSize: 3,
    ...policy,
  })
}

/** Runs a job through a fault and, if its process died of that, on in another one. */
export async function runThrough(processor: AnyProcessor, { nth, fault }: { nth: number; fault: Fault }) {
  const clock = fakeClock()
  const store = memoryStore({ clock })
  const faulty = faultyStore(store, { nth, fault })
  const runnerOn = (kept: Store, its = clock) =>
    createRunner({ store: kept, clock: its, random: () => 0.5, processors: [processor], retention: false })
  const survivor = runnerOn(store)
  const { id } = await survivor.enqueue(processor.name, null)

  if (fault.startsWith('error')) await runToEnd(runnerOn(faulty), clock)
  else await crashed(runnerOn(faulty, fakeClock()).work(), () => faulty.calls() >= nth)
  await runToEnd(survivor, clock)
  return { job: await survivor.get(id), calls: faulty.calls(), trace: faulty.trace }
}

/** Until the process is gone, has ended before that, or waits for time to pass: its clock stands still from then on. */
async function crashed(work: Promise<unknown>, isGone: () => boolean) {
  let isOver = false
  void work
    .catch(() => {})
    .then(() => {
      isOver = true
    })
  for (let turn = 0; turn < 500 && !isOver && !isGone(); turn++) await setImmediate()
  for (let turn = 0; turn < 20; turn++) await setImmediate()
}
