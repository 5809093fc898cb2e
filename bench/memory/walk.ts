/** One job over `items` items that do nothing, in a process of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRunner, defineProcessor, memoryStore } from '../../packages/core/src/index.js'
import { sqliteStore } from '../../packages/stores/sqlite/src/index.js'

export interface Walk {
  readonly items: number
  readonly store: string
  readonly batchSize: number
  /** Collect garbage and look at the heap after this many items. 0: never. */
  readonly collectEvery: number
}

/** Bytes. */
export interface Measured {
  readonly elapsedMs: number
  /** The most that the process took, as the system counts it. */
  readonly rss: number
  /** The most that was in use right after a collection; 0 when there was none. */
  readonly heap: number
}

const folder = mkdtempSync(join(tmpdir(), 'longhaul-memory-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const measured = await measure(JSON.parse(process.argv[2] ?? '') as Walk)
process.send?.(measured)
process.disconnect?.()

async function measure(walk: Walk): Promise<Measured> {
  const heap = heapPeak(walk.collectEvery)
  const count = counting(walk, heap.afterItem)
  const store = walk.store === 'memory' ? memoryStore() : sqliteStore(join(folder, 'jobs.db'))
  const runner = createRunner({ store, processors: [count] })
  const { id } = await runner.enqueue(count, null)

  const startedAt = performance.now()
  await runner.work()
  const elapsedMs = performance.now() - startedAt

  const done = (await runner.get(id))?.progress.done
  if (done !== walk.items) throw new Error(`Only ${done} of ${walk.items} items are done.`)
  await runner.close()
  return { elapsedMs, rss: process.resourceUsage().maxRSS * 1_024, heap: heap.bytes() }
}

function counting({ items, batchSize }: Walk, afterItem: () => void) {
  return defineProcessor({
    name: 'bench.count',
    input: { '~standard': { version: 1, vendor: 'bench', validate: value => ({ value }) } },
    total: () => items,
    items: ({ cursor, limit }) => numbersAfter(cursor ?? 0, Math.min(limit, items - (cursor ?? 0))),
    each: (_, { count }) => {
      count('seen')
      afterItem()
    },
    batchSize,
  })
}

function numbersAfter(last: number, length: number) {
  return Array.from({ length }, (_, index) => [last + index + 1, `item ${last + index + 1}`] as const)
}

function heapPeak(collectEvery: number) {
  let seen = 0
  let bytes = 0
  return {
    afterItem(): void {
      if (collectEvery === 0 || ++seen % collectEvery !== 0) return
      globalThis.gc?.()
      bytes = Math.max(bytes, process.memoryUsage().heapUsed)
    },
    bytes: () => bytes,
  }
}
