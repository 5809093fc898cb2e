import { LonghaulError } from '../store/index.js'

export type StopCode = 'deadline_exceeded' | 'cancelled' | 'paused' | 'timed_out' | 'stopping'

/** Why a handler's signal aborted, as `signal.reason`. A lost lease comes as a `LeaseLostError` instead. */
export class StopReason extends LonghaulError {
  override readonly name = 'StopReason'
  declare readonly code: StopCode

  constructor(code: StopCode, message: string) {
    super(code, message)
  }
}
