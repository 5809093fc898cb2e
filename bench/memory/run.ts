/**
 * Does a long job stay small? The peaks of memory of a job with few items and of one with many, each in a process
 * of its own: first one that runs freely (speed, RSS), then one that collects garbage every 500 items (live heap).
 *
 * node --conditions=@longhaul/source --import tsx --expose-gc bench/memory/run.ts
 *   [--store sqlite|memory] [--batch 50] [--few 1000] [--many 100000]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Measured, Walk } from './walk.ts'

/** Above these the job is not flat: the heap that is still in use, and the most that the process ever took. */
const mostGrowth = { heap: 1.15, rss: 1.5 }

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    batch: { type: 'string', default: '50' },
    few: { type: 'string', default: '1000' },
    many: { type: 'string', default: '100000' },
  },
})

const few = await measured(Number(values.few))
const many = await measured(Number(values.many))
const growth = { heap: many.heap / few.heap, rss: many.rss / few.rss }

console.log(`store ${values.store}, batches of ${values.batch}, Node ${process.version}`)
console.table([row(few), row(many)])
console.log(`grows by: live heap × ${growth.heap.toFixed(2)}, RSS × ${growth.rss.toFixed(2)}`)
process.exitCode = growth.heap > mostGrowth.heap || growth.rss > mostGrowth.rss ? 1 : 0

async function measured(items: number): Promise<Measured & { items: number }> {
  const walk = { items, store: values.store, batchSize: Number(values.batch) }
  const free = await inProcess({ ...walk, collectEvery: 0 })
  const collected = await inProcess({ ...walk, collectEvery: 500 })
  return { ...free, items, heap: collected.heap }
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

function row({ items, elapsedMs, rss, heap }: Measured & { items: number }) {
  return {
    items,
    'items/s': Math.round(items / (elapsedMs / 1_000)),
    'peak RSS, MB': megabytes(rss),
    'peak live heap, MB': megabytes(heap),
  }
}

function megabytes(bytes: number): number {
  return Number((bytes / 1_000_000).toFixed(1))
}
