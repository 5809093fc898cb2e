import { type CallOptions, type GateOptions, type ItemErrorPolicy, OptionsError } from '@longhaul/core'
import type { ClientRate } from '../client/throttle.js'
import type { DeleteGuard } from './delete-guard.js'
import type { OffsetMode } from './offset-mode.js'

export interface WorkizSyncOptions<Name extends string = string> {
  /** The processor's name. Syncs with other options in one runner need other names. @defaultValue 'workiz.sync' */
  readonly name?: Name
  /**
   * `listing` reads the job list, a hundred jobs a call, and asks one by one only for rows that are not on it.
   * `refresh` asks for every stored row: a call each. @defaultValue 'listing'
   */
  readonly mode?: 'listing' | 'refresh'
  /** @defaultValue 'https://api.workiz.com/api/v1' */
  readonly baseUrl?: string
  /** How far back a listing goes: `yyyy-MM-dd` in account time, or days before today. @defaultValue { daysBack: 60 } */
  readonly startDate?: string | { readonly daysBack: number }
  /** List only jobs that are neither Done nor Canceled. @defaultValue false */
  readonly onlyOpen?: boolean
  /** List only these statuses. @defaultValue all */
  readonly statuses?: readonly string[]
  /** Take in only listed jobs of these sources (`JobSource`). @defaultValue all */
  readonly sourceFilter?: readonly string[]
  /** Jobs per page of a listing, from 1 to 100. @defaultValue 100 */
  readonly pageSize?: number
  /** What `offset` counts. `auto` finds out, by one call per account and process. @defaultValue 'auto' */
  readonly offsetMode?: 'auto' | OffsetMode
  /** A listing ends here, as incomplete. @defaultValue 1_000 */
  readonly maxPages?: number
  /** How many calls a listing may spend on rows that are not on it, the longest unseen first. @defaultValue 20 */
  readonly detailBudget?: number
  /**
   * What to do with a row that Workiz no longer has. `confirm`: delete it once `job/get` said so. `confirm-twice`:
   * once it said so two times. `trust-listing`: where a complete and unfiltered listing should have it, not to be on
   * it is enough. `never`: keep it. @defaultValue 'confirm'
   */
  readonly deleteMissing?: 'never' | 'confirm' | 'confirm-twice' | 'trust-listing'
  /** Withholds all deletions of a run that wants too many. @defaultValue { maxDeleteRatio: 0.2, minRows: 20 } */
  readonly guard?: DeleteGuard
  /** Delete rows whose `JobDateTime` is longer ago; `null` keeps all. @defaultValue null */
  readonly retentionMs?: number | null
  /** IANA name of the zone that dates are in, where a job does not name its own. @defaultValue 'UTC' */
  readonly accountTimeZone?: string
  /** @defaultValue one call a second, and 20 seconds of pause after 25 */
  readonly rate?: ClientRate
  /**
   * In place of parts of the account's gate. A 429 closes it for as long as Workiz says, and for no less than
   * `blockedMs`. @defaultValue `rate` over all workers, 20 s or more after a 429, then half the rate, which comes back
   * over 5 minutes; 5 minutes of rest after 5 failures in a row
   */
  readonly gate?: Partial<Omit<GateOptions, 'key'>>
  /** For one job, body included; a list has half as much again. @defaultValue 30_000 */
  readonly requestTimeoutMs?: number
  /** In place, for what may pass: timeouts, 5xx, HTML, broken JSON. @defaultValue 2 retries, up to 10 s, then 20 s */
  readonly retry?: CallOptions
  /** How many jobs may fail before the run does. @defaultValue { ratio: 0.5 } */
  readonly tolerate?: NonNullable<ItemErrorPolicy['tolerate']>
  /** Rows between two saves of a refresh. @defaultValue 25 */
  readonly batchSize?: number
  /** Rows of a refresh in flight at once; the rate stays. @defaultValue 1 */
  readonly concurrency?: number
}

export type SyncRules = Required<Omit<WorkizSyncOptions, 'name' | 'baseUrl'>>

/** Fills in the defaults. @throws {OptionsError} for a number that is out of range. */
export function syncRules({ name: _name, baseUrl: _baseUrl, ...options }: WorkizSyncOptions): SyncRules {
  const rules = { ...defaults, ...options }
  checkRange('pageSize', rules.pageSize, 1, 100)
  checkRange('maxPages', rules.maxPages, 1, 1_000)
  checkRange('detailBudget', rules.detailBudget, 0, 1_000)
  checkRange('rate.perSecond', rules.rate.perSecond, 0.001, 1_000)
  checkRange('guard.maxDeleteRatio', rules.guard.maxDeleteRatio, 0, 1)
  return rules
}

const defaults: SyncRules = {
  mode: 'listing',
  startDate: { daysBack: 60 },
  onlyOpen: false,
  statuses: [],
  sourceFilter: [],
  pageSize: 100,
  offsetMode: 'auto',
  maxPages: 1_000,
  detailBudget: 20,
  deleteMissing: 'confirm',
  guard: { maxDeleteRatio: 0.2, minRows: 20 },
  retentionMs: null,
  accountTimeZone: 'UTC',
  rate: { perSecond: 1, pauseEvery: { calls: 25, pauseMs: 20_000 } },
  gate: {},
  requestTimeoutMs: 30_000,
  retry: { retries: 2, backoff: { type: 'exponential', delayMs: 10_000, maxMs: 40_000 } },
  tolerate: { ratio: 0.5 },
  batchSize: 25,
  concurrency: 1,
}

function checkRange(option: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return
  throw new OptionsError(option, `must be from ${least} to ${most}, not ${value}`)
}
