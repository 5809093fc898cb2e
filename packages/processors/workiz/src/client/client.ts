import { type Clock, parseRetryAfter, systemClock } from '@longhaul/core'
import { type OffsetMode, offsetModeOf, probeSize } from '../sync/offset-mode.js'
import { type Call, failure, listSearch } from './call.js'
import { badResponse, isGone, judgeStatus, parseBody, unavailable, type Verdict } from './classify.js'
import { type Opened, open } from './envelope.js'
import { WorkizError } from './errors.js'
import { readJob, readJobs, readRecords } from './read.js'
import { redact, safeCause } from './redact.js'
import { type Answer, BodyTooLargeError, DeadlineError, request } from './request.js'
import { type ClientRate, throttled } from './throttle.js'
import type { CallOptions, JobPage, ListQuery, RecordPage, WorkizJob, WorkizRecord } from './types.js'

export interface WorkizClientOptions {
  /** The account's API token. It is part of every URL, and of no message. */
  readonly apiToken: string
  /** @defaultValue 'https://api.workiz.com/api/v1' */
  readonly baseUrl?: string
  /** @defaultValue globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch
  readonly clock?: Clock
  /** For one record, from the request to the end of the body. @defaultValue 30_000 */
  readonly requestTimeoutMs?: number
  /** For one page of a list. @defaultValue 45_000 */
  readonly listTimeoutMs?: number
  /** @defaultValue 10_000_000 */
  readonly maxBodyBytes?: number
  /**
   * Holds calls back in this process, where no gate does. Workiz refuses after about 29 calls in a row:
   * `{ perSecond: 1, pauseEvery: { calls: 25, pauseMs: 20_000 } }` stays clear of that.
   */
  readonly rate?: ClientRate
}

/**
 * Reads one Workiz account. Each method is one request and none retries; what goes wrong is a {@link WorkizError}
 * that says whether to try again. An abort of `signal` rejects with its reason.
 */
export class WorkizClient {
  readonly #options: Required<Omit<WorkizClientOptions, 'rate'>>
  readonly #request: typeof request

  /** @throws {WorkizError} `credentials_missing`, when the token is empty. */
  constructor({ rate, ...options }: WorkizClientOptions) {
    if (!options.apiToken) throw missingToken()
    this.#options = { ...defaults, fetch: globalThis.fetch, ...options }
    this.#request = rate ? throttled(request, rate) : request
  }

  /** One page of the job list, the latest `JobDateTime` first. */
  async listJobs(query: ListQuery = {}, options: CallOptions = {}): Promise<JobPage> {
    const call = this.#listing('job/all/', listSearch(query), options)
    return readJobs(await this.#get(call), query, call)
  }

  /**
   * One job, or `'gone'` when Workiz said that it has no such job: a 204, a 404 that is neither a wrong path nor an
   * HTML page, or a success without data. Every other odd answer throws, so that no outage looks like a deletion.
   */
  async getJob(uuid: string, { signal }: CallOptions = {}): Promise<WorkizJob | 'gone'> {
    const path = `job/get/${encodeURIComponent(uuid)}/`
    const call = {
      path,
      search: '',
      scope: 'item',
      timeoutMs: this.#options.requestTimeoutMs,
      signal,
    } as const
    const answer = await this.#answer(call)
    return isGone(answer) ? 'gone' : readJob(this.#open(answer, call), uuid, call)
  }

  async team(options: CallOptions = {}): Promise<readonly WorkizRecord[]> {
    return (await this.#records('team/all/', '', {}, options)).records
  }

  async timeOff(options: CallOptions = {}): Promise<readonly WorkizRecord[]> {
    return (await this.#records('TimeOff/get/', '?all=', {}, options)).records
  }

  async leads(query: ListQuery = {}, options: CallOptions = {}): Promise<RecordPage> {
    return this.#records('lead/all/', listSearch(query), query, options)
  }

  /** Finds out what `offset` counts in this account: one page from offset 1, held against the first page. */
  async probeOffset(
    first: JobPage,
    query: ListQuery = {},
    options: CallOptions = {},
  ): Promise<OffsetMode | 'unknown'> {
    const records = probeSize(first.jobs.length)
    const probe = await this.listJobs({ ...query, offset: 1, records }, options)
    return offsetModeOf(first.jobs, probe.jobs[0], records)
  }

  async #records(path: string, search: string, query: ListQuery, options: CallOptions): Promise<RecordPage> {
    const call = this.#listing(path, search, options)
    return readRecords(await this.#get(call), query, call)
  }

  #listing(path: string, search: string, { signal }: CallOptions): Call {
    return { path, search, scope: 'run', timeoutMs: this.#options.listTimeoutMs, signal }
  }

  async #get(call: Call): Promise<Opened> {
    return this.#open(await this.#answer(call), call)
  }

  #open(answer: Answer, call: Call): Opened {
    const verdict = judgeStatus(answer)
    if (verdict) throw failure({ status: answer.status, ...this.#wait(answer), ...verdict }, call)
    const body = parseBody(answer)
    if (!('json' in body)) throw failure(body, call)
    const opened = open(body.json)
    return opened.kind === 'refused' ? { ...opened, message: this.#redact(opened.message) } : opened
  }

  #wait({ headers }: Answer) {
    return {
      retryAfterMs: parseRetryAfter(headers.get('retry-after'), this.#options.clock.now()) ?? undefined,
    }
  }

  async #answer(call: Call): Promise<Answer> {
    const { apiToken, baseUrl, ...limits } = this.#options
    const url = `${baseUrl}/${encodeURIComponent(apiToken)}/${call.path}${call.search}`
    try {
      return await this.#request(url, { ...limits, timeoutMs: call.timeoutMs, signal: call.signal })
    } catch (error) {
      call.signal?.throwIfAborted()
      throw failure(judgeFailure(error, safeCause(error, apiToken)), call)
    }
  }

  #redact(text: string): string {
    return redact(text, this.#options.apiToken)
  }
}

const defaults = {
  baseUrl: 'https://api.workiz.com/api/v1',
  clock: systemClock,
  requestTimeoutMs: 30_000,
  listTimeoutMs: 45_000,
  maxBodyBytes: 10_000_000,
}

function judgeFailure(error: unknown, cause: Error): Verdict {
  if (error instanceof DeadlineError)
    return { code: 'timeout', what: 'took too long', retryable: true, status: 504, cause }
  if (error instanceof BodyTooLargeError) return { ...badResponse('sent too large a body'), cause }
  return { ...unavailable('could not be sent or was cut off'), cause }
}

function missingToken(): WorkizError {
  return new WorkizError('credentials_missing', 'Workiz: the account has no API token.', { scope: 'tenant' })
}
