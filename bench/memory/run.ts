/**
 * Does a long job stay small? The peaks of memory of a job with few items and of one with many, each in a process
 * of its own that collects garbage every 500 items; then again in one that runs freely, which tells the speed.
 * Free RSS is shown and not judged: V8 lets its young generation grow as long as garbage comes fast.
 *
 * node --conditions=@longhaul/source --import tsx --expose-gc bench/memory/run.ts
 *   [--store sqlite|memory] [--batch 50] [--few 1000] [--many 100000]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Measured, Walk } from './walk.ts'

/** A job whose collected heap or RSS grows by more is not flat. */
const mostGrowth = 1.25

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    batch: { type: 'string', default: '50' },
    few: { type: 'string', default: '1000' },
    many: { type: 'string', default: '100000' },
  },
})

interface Row extends Measured {
  readonly items: number
  readonly freeRss: number
}

const few = await measured(Number(values.few))
const many = await measured(Number(values.many))
const growth = { heap: many.heap / few.heap, rss: many.rss / few.rss, freeRss: many.freeRss / few.freeRss }

console.log(`store ${values.store}, batches of ${values.batch}, Node ${process.version}`)
console.table([few, many].map(shown))
console.log(
  `grows by: ${Object.entries(growth)
    .map(([what, by]) => `${what} × ${by.toFixed(2)}`)
    .join(', ')}`,
)
process.exitCode = Math.max(growth.heap, growth.rss) > mostGrowth ? 1 : 0

async function measured(items: number): Promise<Row> {
  const walk = { items, store: values.store, batchSize: Number(values.batch) }
  const collected = await inProcess({ ...walk, collectEvery: 500 })
  const free = await inProcess({ ...walk, collectEvery: 0 })
  return { ...collected, items, elapsedMs: free.elapsedMs, freeRss: free.rss }
}

/** A fork takes the flags of this process over. */
async function inProcess(walk: Walk): Promise<Measured> {
  const child = fork(fileURLToPath(new URL('walk.ts', import.meta.url)), [JSON.stringify(walk)])
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The walk of ${walk.items} items ended with exit code ${code}.`)
  })
  const [result] = await Promise.race([once(child, 'message'), failed])
  failed.catch(() => {})
  return result as Measured
}

function shown({ items, elapsedMs, heap, rss, freeRss }: Row) {
  return {
    items,
    'items/s': Math.round(items / (elapsedMs / 1_000)),
    'live heap, MB': megabytes(heap),
    'RSS, MB': megabytes(rss),
    'free RSS, MB': megabytes(freeRss),
  }
}

function megabytes(bytes: number): number {
  return Number((bytes / 1_000_000).toFixed(1))
}
