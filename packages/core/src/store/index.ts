export { type Clock, type Random, type SleepOptions, systemClock, systemRandom } from '../clock.js'
export type {
  Cell,
  CellChange,
  ClaimRequest,
  Committed,
  Counts,
  JobFilter,
  JobPage,
  Page,
  Patch,
  RecordPage,
  RetentionRule,
  Standing,
  Store,
  StoredLogLine,
  Transaction,
  Wish,
  Write,
} from './contract.js'
export {
  isLonghaulError,
  LonghaulError,
  OptionsError,
  StoreError,
  type StoreErrorCode,
  unknownJob,
} from './errors.js'
export { blockedBy, freshJob } from './fresh-job.js'
export type {
  After,
  FollowUp,
  ItemRecord,
  Job,
  JobHead,
  JobSpec,
  JobState,
  JobWork,
  LogLine,
  NewJob,
  PendingWish,
  Progress,
} from './job.js'
export { alarmFor, soonMs } from './soon.js'
export { fromStorable, toStorable } from './text.js'
export {
  endedStates,
  isEnded,
  type JobEvent,
  orBlocked,
  satisfies,
  stateAfterRelease,
  transitions,
  wishes,
} from './transitions.js'
