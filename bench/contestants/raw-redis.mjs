import { Redis } from 'ioredis'
import { pause } from '../workloads/ledger.mjs'

/**
 * ioredis alone, with the least that a lease and a fence need: one script claims `concurrency` jobs, one ends them.
 * There are two such loops, so that the server never waits for this process.
 */
export async function rawRedis({ url, target, concurrency }) {
  const redis = new Redis(url)
  const keys = ['waiting', 'leases', 'data', 'completed', 'ids'].map(name => `{${target}}:${name}`)
  redis.defineCommand('addJobs', { numberOfKeys: 5, lua: addLua })
  redis.defineCommand('claimJobs', { numberOfKeys: 5, lua: claimLua })
  redis.defineCommand('endJobs', { numberOfKeys: 5, lua: endLua })
  let stopped = false
  let loops = Promise.resolve()

  async function drain(handler) {
    while (!stopped) {
      const claimed = await redis.claimJobs(...keys, concurrency)
      const jobs = claimed.filter((_, index) => index % 2 === 1)
      await Promise.all(jobs.map(data => handler(JSON.parse(data))))
      if (jobs.length > 0) await redis.endJobs(...keys, ...claimed.filter((_, index) => index % 2 === 0))
      else await pause(5)
    }
  }

  const insert = many => redis.addJobs(...keys, ...many.map(data => JSON.stringify(data)))

  return {
    enqueue: data => insert([data]),
    enqueueMany: insert,
    async work(handler) {
      loops = Promise.all([drain(handler), drain(handler)])
    },
    async stop() {
      stopped = true
      await loops
    },
    completed: () => redis.zcard(keys[3]),
    close: async () => redis.disconnect(),
  }
}

const addLua = `
  local last = redis.call('INCRBY', KEYS[5], #ARGV)
  for index, data in ipairs(ARGV) do
    local id = last - #ARGV + index
    redis.call('HSET', KEYS[3], id, data)
    redis.call('ZADD', KEYS[1], id, id)
  end`

const claimLua = `
  local now = redis.call('TIME')[1]
  local due = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1)
  local jobs = {}
  for _, id in ipairs(due) do
    redis.call('ZADD', KEYS[2], now + 30, id)
    jobs[#jobs + 1] = id
    jobs[#jobs + 1] = redis.call('HGET', KEYS[3], id)
  end
  if #due > 0 then redis.call('ZREM', KEYS[1], unpack(due)) end
  return jobs`

const endLua = `
  local now = redis.call('TIME')[1]
  for _, id in ipairs(ARGV) do
    if redis.call('ZREM', KEYS[2], id) == 1 then redis.call('ZADD', KEYS[4], now, id) end
  end`
