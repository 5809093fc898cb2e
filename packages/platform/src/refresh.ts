import { createRunner, memoryStore } from '@longhaul/core'
import { type FakeClock, fakeClock } from '@longhaul/core/testing'
import { createHandler, selfCall } from '@longhaul/http'
import { clockOf } from '@longhaul/simulation/life'
import { seeded } from '@longhaul/simulation/random'
import { entryMaker, memoryWorkizStore, workizSync } from '@longhaul/workiz'
import { createWorkizFake, makeData } from '@longhaul/workiz/fake'
import { type CronOptions, runCron } from './cron.js'
import { type Instance, outside, storeOf } from './instance.js'
import { createPlatform, type PlatformOptions } from './platform.js'

const origin = 'https://app.test'
const secrets = 'a-secret-of-16-or-more'
const noon = Date.UTC(2026, 0, 15, 12)
const zone = 'America/Los_Angeles'
const yearMs = 365 * 86_400_000

export interface RefreshOptions extends Pick<PlatformOptions, 'limitMs' | 'killed'> {
  readonly records: number
  readonly cron?: Pick<CronOptions, 'dropped' | 'doubled'>
  /** How many of the app's own calls are lost. From 0 to 1. @defaultValue 0 */
  readonly lostCalls?: number
  readonly seed?: number
}

/** The app of a user on the platform: a copy of records that is refreshed by one call a second. */
export async function refresh(options: RefreshOptions) {
  const { records, limitMs, killed = 0, cron = {}, lostCalls = 0, seed = 1 } = options
  const clock = fakeClock(noon)
  const random = seeded(seed)
  const data = makeData({ jobs: records, local: { same: records, stale: 0, gone: 0, expired: 0 } })
  const fake = createWorkizFake({ clock, data, rate: null })
  const rows = memoryWorkizStore()
  await rows.upsertMany('default', 'A', fake.local.map(entryMaker(zone)), {
    fetchedAt: '2026-01-14T12:00:00.000Z',
  })
  const store = memoryStore({ clock })
  const errors: unknown[] = []

  const send: typeof fetch = async (url, init) => {
    if (random() < lostCalls) throw new TypeError('The call was lost.')
    return platform.request(new Request(url as URL, init))
  }

  function boot(instance: Instance) {
    const own = clockOf(instance, clock)
    const ports = {
      store: rows,
      clock: own,
      fetch: outside(instance, fake.fetch) as typeof fake.fetch,
      credentials: () => ({ apiToken: fake.token }),
    }
    const sync = workizSync(
      {
        mode: 'refresh',
        baseUrl: fake.baseUrl,
        accountTimeZone: zone,
        startDate: '2025-11-01',
        retentionMs: 5 * yearMs,
      },
      ports,
    )
    const runner = createRunner({ store: storeOf(instance, store), processors: [sync], clock: own, random })
    const ownCall = { url: `${origin}/work`, secrets, clock: own, fetch: outside(instance, send) }
    return createHandler(runner, {
      authorize: () => ({ roles: ['admin'], tenant: null }),
      clock: own,
      work: { secrets, handOver: selfCall(ownCall) },
      onError: error => void errors.push(error),
    })
  }

  const platform = createPlatform({ clock, limitMs, boot, random, killed })
  const observer = createRunner({ store, processors: [], clock })
  return { clock, fake, platform, observer, errors, toEnd }

  /** Enqueues the refresh by a request, and lets time go by until it has ended, for half a day at most. */
  async function toEnd() {
    const over = new AbortController()
    const tick = () =>
      platform.request(new Request(`${origin}/work`, { headers: { authorization: `Bearer ${secrets}` } }))
    void runCron({ clock, everyMs: 60_000, random, ...cron, call: tick }, over.signal)
    const { id } = await enqueue(clock, platform.request)
    for (let minute = 0; minute < 720; minute++) {
      await clock.advance(60_000)
      const job = await observer.get(id)
      if (job?.endedAt) break
    }
    over.abort()
    const job = await observer.get(id)
    if (!job) throw new Error('The job is gone.')
    return job
  }
}

/** A person is patient: a request that died with its process is made again. */
async function enqueue(
  clock: FakeClock,
  request: (request: Request) => Promise<Response>,
): Promise<{ id: string }> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'refresh' }
  const body = JSON.stringify({ input: { accountId: 'A' } })
  for (;;) {
    const answer = request(new Request(`${origin}/jobs/workiz.sync`, { method: 'POST', headers, body }))
    await clock.advance(0)
    const response = await answer
    if (response.ok) return (await response.json()) as { id: string }
  }
}
