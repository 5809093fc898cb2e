import { createPostgresBackend, Queue, Worker } from 'bullmq'
import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import pg from 'pg'
import PgBoss from 'pg-boss'
import { entry, longhaul } from '../packages.mjs'
import { pause } from '../workloads/ledger.mjs'
import { openLonghaul } from './longhaul.mjs'
import { rawPostgres } from './raw-postgres.mjs'

/**
 * Each is opened with `{ url, target, concurrency, packages }`; `target` is a schema. All have pools of ten, the
 * default of most.
 */
export const contestants = {
  longhaul: open,
  'graphile-worker': options => graphileWorker(options, {}),
  'graphile-worker, fast': options => graphileWorker(options, fastest),
  'pg-boss': pgBoss,
  bullmq,
  raw: rawPostgres,
}

/** What its guide on performance names; and it deletes a job that ended well, where all others keep it. */
const fastest = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }

/** What each imports, for its import time. */
export function modules(packages) {
  return {
    longhaul: [entry('core', packages), entry('postgres', packages)],
    'graphile-worker': ['graphile-worker'],
    'graphile-worker, fast': ['graphile-worker'],
    'pg-boss': ['pg-boss'],
    bullmq: ['bullmq'],
    raw: ['pg'],
  }
}

async function open(options) {
  const { postgresStore } = await longhaul('postgres', options.packages)
  return openLonghaul(() => postgresStore(options.url, { schema: options.target }), options)
}

async function graphileWorker({ url, target, concurrency }, settings) {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  pool.on('error', console.error)
  pool.on('connect', client => client.on('error', console.error))
  const utils = await makeWorkerUtils({ pgPool: pool, schema: target, logger: onlyErrors })
  await utils.migrate()
  let runner
  return {
    enqueue: data => utils.addJob('bench', data),
    enqueueMany: many => utils.addJobs(many.map(payload => ({ identifier: 'bench', payload }))),
    async work(handler) {
      const preset = {
        worker: { connectionString: url, concurrentJobs: concurrency, schema: target, ...settings },
      }
      runner = await run({
        pgPool: pool,
        preset,
        noHandleSignals: true,
        logger: onlyErrors,
        taskList: { bench: handler },
      })
    },
    stop: () => runner.stop(),
    /** What is no longer there has been completed. */
    async completed(expected) {
      const { rows } = await pool.query(`select count(*)::int as left from ${target}._private_jobs`)
      return expected - rows[0].left
    },
    async close() {
      await utils.release()
      await pool.end()
    },
  }
}

/**
 * Its `work` fetches one batch per polling interval, at most two a second, so the drain is a loop of its own `fetch`
 * and `complete`, and idle it polls as often as `work` can.
 */
async function pgBoss({ url, target, concurrency }) {
  const boss = new PgBoss({ connectionString: url, schema: target, max: 10 })
  boss.on('error', console.error)
  await boss.start()
  await boss.createQueue('bench')
  let stopped = false
  let loop = Promise.resolve()

  async function drain(handler) {
    while (!stopped) {
      const jobs = await boss.fetch('bench', { batchSize: concurrency })
      await Promise.all(jobs.map(({ data }) => handler(data)))
      const ids = jobs.map(({ id }) => id)
      if (ids.length > 0) await boss.complete('bench', ids)
      else await pause(500)
    }
  }

  return {
    enqueue: data => boss.send('bench', data),
    enqueueMany: many => boss.insert(many.map(data => ({ name: 'bench', data }))),
    async work(handler) {
      loop = drain(handler)
    },
    async stop() {
      stopped = true
      await loop
    },
    completed: async () => {
      const sql = `select count(*)::int as completed from ${target}.job where state = 'completed'`
      return (await boss.getDb().executeSql(sql)).rows[0].completed
    },
    close: () => boss.stop({ graceful: false, wait: true }),
  }
}

async function bullmq({ url, target, concurrency }) {
  const connection = { connectionString: url, schema: target, max: 10, migrate: true }
  const queue = new Queue('bench', { connection }, createPostgresBackend)
  await queue.waitUntilReady()
  let worker
  return {
    enqueue: data => queue.add('bench', data),
    enqueueMany: many => queue.addBulk(many.map(data => ({ name: 'bench', data }))),
    async work(handler) {
      worker = new Worker(
        'bench',
        ({ data }) => handler(data),
        { connection, concurrency },
        createPostgresBackend,
      )
      worker.on('error', console.error)
      await worker.waitUntilReady()
    },
    stop: () => worker.close(),
    completed: () => queue.getCompletedCount(),
    close: () => queue.close(),
  }
}

const onlyErrors = new Logger(() => (level, message) => {
  if (level === 'error') console.error(message)
})
