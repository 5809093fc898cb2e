export type { AfterJobs, JobRef } from './after.js'
export type { Bulk, BulkOptions, BulkReport } from './client/bulk.js'
export type { WatchOptions } from './client/changes.js'
export type { GateControl, GateViewList } from './client/gates.js'
export type { Place } from './client/place.js'
export type { Enqueued, EnqueuedRef, PreparedJob, Via } from './client/producer.js'
export type { ItemView, JobList, LogView } from './client/reader.js'
export type { UnreadablePart } from './client/reading.js'
export type { RetryOptions } from './client/retry.js'
export type { JobDetails, JobView, ProgressView } from './client/view.js'
export type { WaitOptions } from './client/watch.js'
export { type Clock, type Random, type SleepOptions, systemClock, systemRandom } from './clock.js'
export { createRunner } from './create-runner.js'
export { type CursorValue, decodeCursor, encodeCursor } from './encoding/cursor.js'
export type { ErrorHistory, ErrorRecord } from './encoding/error-record.js'
export type { Json } from './encoding/json.js'
export type { Trace } from './encoding/note.js'
export type { StopOptions, WorkOptions, WorkReport } from './engine/workers.js'
export type { EnqueueOptions, FollowUpOptions, Lane } from './enqueue-options.js'
export {
  EncodingError,
  GateNotFoundError,
  GroupNotFoundError,
  GroupUnfinishedError,
  InputError,
  type InputIssue,
  JobNotFoundError,
  JobStateError,
  JobUnfinishedError,
  LeaseLostError,
  OnceError,
  type OnceErrorCode,
  OptionsError,
  PayloadError,
  type PayloadErrorCode,
  ScheduleError,
  SourceError,
  TooLargeError,
  TooManyItemsFailedError,
  UnknownProcessorError,
} from './errors.js'
export type { RunnerEvents } from './events.js'
export {
  type BreakerOptions,
  type Call,
  type CallOptions,
  type ClosedBecause,
  classifyError,
  createCall,
  type Failure,
  type Gate,
  type GateBreakerView,
  type GateLearnedView,
  type GateOptions,
  type GateOutcome,
  type GateView,
  type GateWindowView,
  localGate,
  type PauseAfter,
  parseRetryAfter,
  type Rate,
  type RateLimit,
  readRateLimits,
  type SlowAfterBlocked,
  sharedGate,
  Throttled,
  type ThrottledBecause,
} from './gate/index.js'
export type {
  EnqueuedGroup,
  GroupBuilder,
  GroupScope,
  Groups,
  GroupView,
  Member,
  MemberOptions,
  WaitForGroupOptions,
  WatchGroupOptions,
} from './group/index.js'
export type {
  CpuHealth,
  Health,
  HealthOptions,
  HealthReason,
  QueueHealth,
  StoreHealth,
  WorkerHealth,
} from './health/index.js'
export type { ItemErrorPolicy } from './iterate/policy.js'
export type { CursorPage, ItemPage, ItemSource, Keyed, SourceContext } from './iterate/source.js'
export type { LogFields, Logger } from './logger/index.js'
export { type MemoryStoreOptions, memoryStore } from './memory/index.js'
export type {
  AttemptedJob,
  AttemptOutcome,
  EnqueuedJob,
  Middleware,
  Next,
  StoreCall,
} from './middleware/index.js'
export type { Pausing } from './pauses/index.js'
export type { Codec, CodecChain, Payload } from './payload/codec.js'
export type { ProcessUsage, ReadProcess } from './process-usage.js'
export type { ProcessorView } from './processor/catalog.js'
export type { FinishContext, ItemContext, JobContext, JobLog, RunContext } from './processor/context.js'
export { defineProcessor, type ItemsDefinition, type RunDefinition } from './processor/define.js'
export { Fatal, HandOver, RetryAfter, Skip, Snooze } from './processor/signals.js'
export type { AnyProcessor, InputOf, OutputOf, Processor } from './processor/types.js'
export type { Counters, Eta } from './progress/index.js'
export { createRedactor, type RedactOptions, type Redactor } from './redact/index.js'
export type { EndedState, RetentionOptions, StateRetention } from './retention/index.js'
export type { Backoff, BackoffOptions } from './retry/backoff.js'
export type { RetryPolicy } from './retry/policy.js'
export {
  type FallbackContext,
  type FlagControl,
  type Flags,
  flagsFromEnv,
  type Routed,
  type RoutedBecause,
  type RouteOptions,
} from './routing/index.js'
export type { Runner, TickReport } from './runner.js'
export type { RunnerOptions } from './runner-options.js'
export {
  type ByCron,
  type CatchUp,
  type Every,
  type NextSlotsOptions,
  nextSlots,
  type Once,
  type Schedule,
  type ScheduledJobOptions,
  type Schedules,
  type ScheduleView,
  type SlotContext,
  type StoredSchedule,
  type When,
} from './schedule/index.js'
export {
  type Counts,
  isLonghaulError,
  type JobFilter,
  type JobState,
  LonghaulError,
  type Page,
  type Progress,
  type RecordPage,
  type RetentionRule,
  type Store,
  StoreError,
  type StoreErrorCode,
  type Transaction,
} from './store/index.js'
