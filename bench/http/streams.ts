import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRunner, defineProcessor, memoryStore } from '../../packages/core/src/index.js'
import { createHandler } from '../../packages/http/src/index.js'
import { toNodeListener } from '../../packages/http/src/node/index.js'

const clients = 200
const halfOpen = clients / 5
const steps = 200
const stepMs = 25

/** How long the last change of a job takes to reach those who follow it, and what it costs to have them. */
const walk = defineProcessor({
  name: 'walk',
  input: { '~standard': { version: 1, vendor: 'bench', validate: value => ({ value }) } },
  batchSize: 1,
  items: ({ cursor }) => {
    const next = (cursor ?? 0) + 1
    return next > steps ? [] : [[next, next] as const]
  },
  each: () => new Promise(resolve => setTimeout(resolve, stepMs)),
})

const runner = createRunner({ store: memoryStore(), processors: [walk] })
const handler = createHandler(runner, { authorize: () => ({ roles: ['admin'], tenant: null }) })
const server = createServer(toNodeListener(handler)).listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo

const { id } = await runner.enqueue('walk', {})
const before = heap()
const streams = await Promise.all(Array.from({ length: clients }, open))
for (const stream of streams.slice(0, halfOpen)) stream.pause()
const ends = Promise.all(streams.slice(halfOpen).map(seen))
const peaks: number[] = []
const sampling = setInterval(() => peaks.push(heap()), 500)
const done = runner.waitFor(id, { pollMs: 10 }).then(() => performance.now())
void runner.work()
const endedAt = await done
const delays = (await ends).map(at => at - endedAt).sort((a, b) => a - b)
clearInterval(sampling)
for (const stream of streams) stream.destroy()

console.table({
  'followers that read': clients - halfOpen,
  'followers that read nothing': halfOpen,
  'changes of the job': steps,
  'delay of the end, median (ms)': Math.round(delays[delays.length >> 1] ?? 0),
  'delay of the end, longest (ms)': Math.round(delays.at(-1) ?? 0),
  'live heap before (MB)': before,
  'live heap while they follow, first (MB)': peaks[1] ?? 0,
  'live heap while they follow, last (MB)': peaks.at(-1) ?? 0,
})
server.close()
await runner.close()

async function open(): Promise<IncomingMessage> {
  const [response] = await once(get({ port, path: `/jobs/${id}/events`, agent: false }), 'response')
  return response
}

/** When the end has arrived. */
async function seen(stream: IncomingMessage): Promise<number> {
  for await (const piece of stream)
    if (String(piece).includes('"state":"completed"')) return performance.now()
  return Number.NaN
}

function heap(): number {
  globalThis.gc?.()
  return Math.round((process.memoryUsage().heapUsed / 1e6) * 10) / 10
}
