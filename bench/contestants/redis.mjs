import BeeQueue from 'bee-queue'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { entry, longhaul } from '../packages.mjs'
import { openLonghaul } from './longhaul.mjs'
import { rawRedis } from './raw-redis.mjs'

/** Each is opened with `{ url, target, concurrency, packages }`; `target` stands before the keys. */
export const contestants = {
  longhaul: open,
  bullmq,
  'bee-queue': beeQueue,
  raw: rawRedis,
}

/** What each imports, for its import time. */
export function modules(packages) {
  return {
    longhaul: [entry('core', packages), entry('redis', packages)],
    bullmq: ['bullmq'],
    'bee-queue': ['bee-queue'],
    raw: ['ioredis'],
  }
}

async function open(options) {
  const { redisStore } = await longhaul('redis', options.packages)
  return openLonghaul(() => redisStore(options.url, { namespace: options.target }), options)
}

async function bullmq({ url, target, concurrency }) {
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  const queue = new Queue('bench', { connection, prefix: target })
  let worker
  return {
    enqueue: data => queue.add('bench', data),
    enqueueMany: many => queue.addBulk(many.map(data => ({ name: 'bench', data }))),
    async work(handler) {
      worker = new Worker('bench', ({ data }) => handler(data), { connection, prefix: target, concurrency })
      worker.on('error', console.error)
      await worker.waitUntilReady()
    },
    stop: () => worker.close(),
    completed: () => queue.getCompletedCount(),
    async close() {
      await queue.close()
      connection.disconnect()
    },
  }
}

/** Without the events that it would publish for every job. */
async function beeQueue({ url, target, concurrency }) {
  const { hostname: host, port } = new URL(url)
  const settings = {
    redis: { host, port: Number(port) },
    prefix: target,
    getEvents: false,
    sendEvents: false,
  }
  const queue = new BeeQueue('bench', settings)
  queue.on('error', console.error)
  await queue.ready()
  return {
    enqueue: data => queue.createJob(data).save(),
    async enqueueMany(many) {
      const errors = await queue.saveAll(many.map(data => queue.createJob(data)))
      for (const error of errors.values()) throw error
    },
    work: async handler => queue.process(concurrency, ({ data }) => handler(data)),
    stop: async () => {},
    completed: async () => (await queue.checkHealth()).succeeded,
    close: () => queue.close(5_000),
  }
}
