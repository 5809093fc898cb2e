import { type Clock, systemClock } from '@longhaul/core'
import type { WorkizJob } from '../client/types.js'
import { type RecordedCall, record } from './calls.js'
import { type WorkizData, w1 } from './data.js'
import { toResponse } from './in-process.js'
import { defaultProfile, type WorkizProfile, withOddities } from './profile.js'
import { type RateModel, rateLimiter, workizRate } from './rate-model.js'
import { type Reply, tooManyRequests } from './reply.js'
import { type FakeState, forbidden, route, wrongPath } from './routes.js'
import { type FaultRule, faultScript } from './script.js'
import { type Listening, listen } from './server.js'

export interface WorkizFakeOptions {
  /** @defaultValue {@link w1} */
  readonly data?: WorkizData
  readonly clock?: Clock
  /** In order: the first that matches wins. */
  readonly faults?: readonly FaultRule[]
  readonly profile?: Partial<WorkizProfile>
  /** `null` for no limit. @defaultValue {@link workizRate} */
  readonly rate?: RateModel | null
  /** @defaultValue 'api_fake' */
  readonly token?: string
  /** What writes have to carry. @defaultValue 'sec_fake' */
  readonly authSecret?: string
}

export interface WorkizFake {
  readonly token: string
  /** For a client that uses `fetch` of this fake. */
  readonly baseUrl: string
  /** Answers in this process, by the fake's clock. */
  readonly fetch: typeof globalThis.fetch
  /** Answers over HTTP on 127.0.0.1, at a free port unless one is given. */
  listen(port?: number): Promise<Listening>
  readonly calls: readonly RecordedCall[]
  readonly state: FakeState
  /** The account's copy that has fallen behind, shaped as the profile has it. */
  readonly local: readonly WorkizJob[]
  /** @throws {Error} when a path was called that Workiz does not have. */
  assertNoUnexpected(): void
}

/** A Workiz that needs no network: its routes, its limits, its oddities, and its bad days on demand. */
export function createWorkizFake(options: WorkizFakeOptions = {}): WorkizFake {
  const { data = w1(), clock = systemClock, faults = [], rate = workizRate, token = 'api_fake' } = options
  const profile = { ...defaultProfile, ...options.profile }
  const state = toState(data, profile)
  const calls: RecordedCall[] = []
  const unexpected: RecordedCall[] = []
  const nextFault = faultScript(faults)
  const mayPass = rate ? rateLimiter(rate, clock) : () => true

  function answer(call: RecordedCall): Reply {
    if (!call.authorized) return forbidden()
    if (!mayPass()) return tooManyRequests(rate?.retryAfter ?? 'none')
    const context = { state, profile, authSecret: options.authSecret ?? 'sec_fake', nowMs: clock.now() }
    const reply = route(call, context)
    if (!reply) unexpected.push(call)
    return reply ?? wrongPath()
  }

  async function handle(request: Request, signal: AbortSignal): Promise<Reply> {
    const call = await record(request, calls.length + 1, clock.now(), token)
    calls.push(call)
    const fault = nextFault(call) ?? (next => next())
    const reply = await fault(() => answer(call), { clock, signal })
    return { ...reply, headers: { date: new Date(call.at).toUTCString(), ...reply.headers } }
  }

  return {
    token,
    baseUrl: 'http://workiz.fake/api/v1',
    calls,
    state,
    local: data.local.map(job => withOddities(job, profile)),
    listen: port => listen(handle, port),

    async fetch(input, init) {
      const request = new Request(input, init)
      const signal = init?.signal ?? request.signal
      return toResponse(await handle(request, signal), signal)
    },

    assertNoUnexpected() {
      const names = unexpected.map(({ method, path }) => `${method} ${path}`)
      if (names.length > 0) throw new Error(`Workiz has no such path: ${names.join(', ')}`)
    },
  }
}

function toState(data: WorkizData, profile: WorkizProfile): FakeState {
  return {
    jobs: new Map(data.jobs.map(job => [job.UUID, withOddities(job, profile)])),
    goneAs: new Map(Object.entries(data.goneAs)),
    leads: [...data.leads],
    team: [...data.team],
    timeOff: [...data.timeOff],
  }
}
