import { setTimeout as sleep } from 'node:timers/promises'
import { createRunner, LeaseLostError } from '@longhaul/core'
import type { Limits } from '../evidence.js'
import { type Ledger, openLedger } from '../ledger.js'
import { soakProcessors } from '../processors.js'
import { openStore, type StoreName } from '../stores.js'
import { watchedStore } from '../watched-store.js'

/** What a worker process is told, as JSON, in its first argument. */
export interface WorkerOrder {
  readonly name: string
  readonly store: StoreName
  readonly location: string
  readonly folder: string
  readonly limits: Limits
}

const graceMs = 3_000

function createWorker({ name, store, location, folder, limits: { slots, leaseMs, pollMs } }: WorkerOrder) {
  const ledger = openLedger(folder, name)
  const slowMs = leaseMs / 3
  const runner = createRunner({
    store: watchedStore(openStore(store, location), ledger, slowMs),
    processors: Object.values(soakProcessors(ledger)),
    concurrency: slots,
    leaseMs,
    pollMs,
  })
  runner.on('lost', ({ id }, error) => {
    const token = error instanceof LeaseLostError ? error.token : 0
    ledger({ type: 'lost', job: id, token, reason: String(error) })
  })
  return { runner, stopWatching: watchLoop(ledger, slowMs) }
}

/** Notes every time in which this process got no turn. */
function watchLoop(ledger: Ledger, slowMs: number): () => void {
  let last = Date.now()
  const timer = setInterval(() => {
    const ms = Date.now() - last
    last += ms
    if (ms > slowMs) ledger({ type: 'stall', of: 'loop', ms })
  }, 50)
  return () => clearInterval(timer)
}

/** The server may be down just now. */
async function untilStarted(start: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await start()
    } catch {
      await sleep(100)
    }
  }
}

const { runner, stopWatching } = createWorker(JSON.parse(process.argv[2] ?? '') as WorkerOrder)

/** After this nothing is left that would keep the process. */
async function end() {
  await runner.close({ graceMs })
  stopWatching()
  process.disconnect?.()
}

process.once('SIGTERM', end)
process.once('disconnect', () => process.exit())
await untilStarted(runner.start)
process.send?.('ready')
