import { type FakeClock, fakeClock } from '@longhaul/core/testing'
import { WorkizClient, type WorkizClientOptions } from '../src/client/client.js'
import { createWorkizFake, type WorkizFake, type WorkizFakeOptions } from '../src/fake/index.js'

/** The instant that the data of the tests is made for. */
export const noon = Date.UTC(2026, 0, 15, 12)

export interface Setup {
  readonly clock: FakeClock
  readonly fake: WorkizFake
  readonly client: WorkizClient
}

/** A fake without a rate limit, unless the test asks for one, and a client for it, on one clock. */
export function setup(options: WorkizFakeOptions = {}, client: Partial<WorkizClientOptions> = {}): Setup {
  const clock = fakeClock(noon)
  const fake = createWorkizFake({ clock, rate: null, ...options })
  return { clock, fake, client: clientOf(fake, { clock, ...client }) }
}

export function clientOf(fake: WorkizFake, options: Partial<WorkizClientOptions>): WorkizClient {
  return new WorkizClient({ apiToken: fake.token, baseUrl: fake.baseUrl, fetch: fake.fetch, ...options })
}

/** Moves the clock from wait to wait until the work is done. */
export async function inTime<Result>(clock: FakeClock, work: Promise<Result>): Promise<Result> {
  let ended = false
  const end = () => {
    ended = true
  }
  work.then(end, end)
  while (!ended) await clock.advanceToNext()
  return work
}

/** What the work was rejected with. */
export function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    value => Promise.reject(new Error(`Did not fail: ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  )
}
