import { better, defineQueue, defineWorker, JobStatus } from 'plainjob'
import { entry, longhaul, sqliteDriverFile } from '../packages.mjs'
import { openLonghaul } from './longhaul.mjs'
import { connect, makeDurable, rawSqlite } from './raw-sqlite.mjs'

/** Each is opened with `{ target, concurrency, synchronous, packages, onStatement }`; `target` is a file. */
export const contestants = {
  longhaul: open,
  plainjob,
  raw: rawSqlite,
}

/** What each imports, for its import time. */
export function modules(packages) {
  return {
    longhaul: [entry('core', packages), entry('sqlite', packages)],
    plainjob: ['plainjob'],
    raw: [sqliteDriverFile()],
  }
}

async function open(options) {
  const { sqliteStore } = await longhaul('sqlite', options.packages)
  const source = options.onStatement ? connect(options) : options.target
  const makeStore = () => sqliteStore(source, { synchronous: options.synchronous })
  return openLonghaul(makeStore, options)
}

/** It runs one job at a time; concurrency is as many workers, each its own loop. */
async function plainjob(options) {
  const database = connect(options)
  const logger = { debug() {}, info() {}, warn() {}, error: console.error }
  const queue = defineQueue({ connection: better(database), logger })
  makeDurable(database, options)
  let workers = []
  let loops = []
  return {
    enqueue: async data => queue.add('bench', data),
    enqueueMany: async many => queue.addMany('bench', many),
    async work(handler) {
      const run = async ({ data }) => handler(JSON.parse(data))
      const worker = () => defineWorker('bench', run, { queue, logger })
      workers = Array.from({ length: options.concurrency }, worker)
      loops = workers.map(worker => worker.start())
    },
    async stop() {
      await Promise.all(workers.map(worker => worker.stop()))
      await Promise.all(loops)
    },
    completed: async () => queue.countJobs({ status: JobStatus.Done }),
    close: async () => queue.close(),
  }
}
