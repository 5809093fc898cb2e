import { LonghaulError } from './store/index.js'

export { OptionsError } from './store/index.js'

/** One thing that is wrong with an input. `path` is empty for the input as a whole. */
export interface InputIssue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** The input does not fit the processor's schema. At `enqueue` nothing was stored; at run time the job fails. */
export class InputError extends LonghaulError {
  override readonly name = 'InputError'
  readonly processor: string
  readonly issues: readonly InputIssue[]

  constructor(processor: string, issues: readonly InputIssue[]) {
    super(
      'invalid_input',
      `The input does not fit processor "${processor}": ${issues.map(describe).join('; ')}`,
    )
    this.processor = processor
    this.issues = issues
  }
}

function describe({ path, message }: InputIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}

/** A value can't be stored and given back unchanged. `path` leads to the part that can't, as `$.a[3].b`. */
export class EncodingError extends LonghaulError {
  override readonly name = 'EncodingError'
  readonly path: string

  constructor(path: string, message: string) {
    super('not_storable', `${path} ${message}`)
    this.path = path
  }
}

/** A value is larger than its limit, in UTF-16 code units of its stored form. */
export class TooLargeError extends LonghaulError {
  override readonly name = 'TooLargeError'
  readonly what: string
  readonly size: number
  readonly limit: number

  constructor(what: string, size: number, limit: number) {
    super(
      'too_large',
      `The ${what} takes ${size} characters, ${limit} is the most. Store it elsewhere and pass a reference.`,
    )
    this.what = what
    this.size = size
    this.limit = limit
  }
}

/** The job went to someone else, ended or is gone: nothing was written. Stop working on it. */
export class LeaseLostError extends LonghaulError {
  override readonly name = 'LeaseLostError'
  readonly jobId: string
  readonly token: number

  constructor(jobId: string, token: number, reason: string) {
    super('lease_lost', `Job ${jobId} no longer belongs to token ${token}: ${reason}.`)
    this.jobId = jobId
    this.token = token
  }
}

/** No job has this id: it never existed, or retention removed it. */
export class JobNotFoundError extends LonghaulError {
  override readonly name = 'JobNotFoundError'
  readonly jobId: string

  constructor(jobId: string) {
    super('job_not_found', `There is no job ${jobId}. It never existed, or it ended long ago and was pruned.`)
    this.jobId = jobId
  }
}

/** What was asked does not fit the state that the job is in. Nothing changed. */
export class JobStateError extends LonghaulError {
  override readonly name = 'JobStateError'
  readonly jobId: string
  readonly state: string

  constructor(jobId: string, state: string, wanted: string) {
    super('wrong_state', `Job ${jobId} is ${state}, so it can't ${wanted}.`)
    this.jobId = jobId
    this.state = state
  }
}

/** The job that was waited for ended without a result, or did not end in time (`state` is not an ended one then). */
export class JobUnfinishedError extends LonghaulError {
  override readonly name = 'JobUnfinishedError'
  readonly jobId: string
  readonly state: string

  constructor(jobId: string, state: string, reason: string, cause?: unknown) {
    super('job_unfinished', `Job ${jobId} is ${state}: ${reason}`, { cause })
    this.jobId = jobId
    this.state = state
  }
}

/** No job of this group is kept: it never existed, or retention removed all of it. */
export class GroupNotFoundError extends LonghaulError {
  override readonly name = 'GroupNotFoundError'
  readonly groupId: string

  constructor(groupId: string) {
    super('group_not_found', `No job of group ${groupId} is kept. It never existed, or all of it was pruned.`)
    this.groupId = groupId
  }
}

/** The group that was waited for did not end in time. It goes on. */
export class GroupUnfinishedError extends LonghaulError {
  override readonly name = 'GroupUnfinishedError'
  readonly groupId: string
  readonly state: string

  constructor(groupId: string, state: string, timeoutMs: number | undefined) {
    super('group_unfinished', `Group ${groupId} is ${state}: it did not end within ${timeoutMs} ms.`)
    this.groupId = groupId
    this.state = state
  }
}

/** The runner has no processor of this name. */
export class UnknownProcessorError extends LonghaulError {
  override readonly name = 'UnknownProcessorError'
  readonly processor: string

  constructor(processor: string, known: readonly string[]) {
    super(
      'unknown_processor',
      `No processor "${processor}" was given to createRunner. It knows: ${known.join(', ') || 'none'}.`,
    )
    this.processor = processor
  }
}

/** No gate of this key was ever used, or it is one with `scope: 'local'`, which no other process sees. */
export class GateNotFoundError extends LonghaulError {
  override readonly name = 'GateNotFoundError'
  readonly key: string

  constructor(key: string) {
    super(
      'gate_not_found',
      `No gate "${key}" was used with this store yet. See runner.gates.list() for those that were.`,
    )
    this.key = key
  }
}

/** A source of items gave a page that would skip items or never end. The cursor stays where it was. */
export class SourceError extends LonghaulError {
  override readonly name = 'SourceError'
  declare readonly code: 'cursor_stuck' | 'duplicate_item' | 'item_not_kept'

  constructor(code: SourceError['code'], message: string) {
    super(code, message)
  }
}

/** More items failed than the processor tolerates. */
export class TooManyItemsFailedError extends LonghaulError {
  override readonly name = 'TooManyItemsFailedError'
  readonly failed: number
  readonly allowed: number

  constructor(failed: number, allowed: number, options?: ErrorOptions) {
    super('too_many_items_failed', `${failed} items failed, ${allowed} are tolerated.`, options)
    this.failed = failed
    this.allowed = allowed
  }
}

/**
 * - `once_full`: what it keeps for this job takes too much, so no other effect is begun.
 * - `once_unsaved`: what the effect gave can't be kept.
 * - `once_unsure`: a checkpoint in a transaction of yours came before, and nobody here knows how that ended.
 */
export type OnceErrorCode = 'once_full' | 'once_unsaved' | 'once_unsure'

/** `once` can't promise what it is for. After `once_unsaved` the effect happened; after the others it did not run, or may run again. */
export class OnceError extends LonghaulError {
  override readonly name = 'OnceError'
  declare readonly code: OnceErrorCode
  readonly key: string

  constructor(code: OnceErrorCode, key: string, message: string, options?: ErrorOptions) {
    super(code, `once(${JSON.stringify(key)}) ${message}`, options)
    this.key = key
  }
}

/** What is missing to read it: a codec, a key, or the text as it was written; or it would inflate to too much. */
export type PayloadErrorCode =
  | 'payload_codec_missing'
  | 'payload_key_missing'
  | 'payload_damaged'
  | 'payload_too_large'

/** What a job carries can't be read back. Codecs throw it from `decode`; any other error there means `payload_damaged`. */
export class PayloadError extends LonghaulError {
  override readonly name = 'PayloadError'
  declare readonly code: PayloadErrorCode

  constructor(code: PayloadErrorCode, message: string) {
    super(code, message)
  }
}

/** A schedule can't be as it is given, or what was asked of one does not fit what is there. Nothing changed. */
export class ScheduleError extends LonghaulError {
  override readonly name = 'ScheduleError'
  declare readonly code:
    | 'invalid_schedule'
    | 'schedule_not_found'
    | 'schedule_in_code'
    | 'too_many_schedules'
    | 'schedule_failed'
  readonly schedule: string

  constructor(code: ScheduleError['code'], schedule: string, reason: string, options?: ErrorOptions) {
    super(code, `Schedule "${schedule}": ${reason}`, options)
    this.schedule = schedule
  }
}
