export { WorkizClient, type WorkizClientOptions } from './client/client.js'
export {
  isWorkizError,
  PaginationLoopError,
  WorkizError,
  type WorkizErrorCode,
  type WorkizErrorFacts,
  type WorkizErrorScope,
} from './client/errors.js'
export type { ClientRate } from './client/throttle.js'
export type { CallOptions, JobPage, ListQuery, RecordPage, WorkizJob, WorkizRecord } from './client/types.js'
export { type MemoryWorkizStore, memoryWorkizStore } from './memory-workiz-store.js'
export { runWorkizSync, type WorkizRun } from './run-workiz-sync.js'
export {
  countOutcomes,
  distinct,
  type UpsertCounts,
  type UpsertMeta,
  type UpsertOutcome,
  type UpsertTrace,
  upsertOutcome,
  type WorkizEntry,
  type WorkizRow,
  type WorkizStore,
} from './store.js'
export { type DeleteGuard, isMassDelete } from './sync/delete-guard.js'
export { entryMaker } from './sync/entry.js'
export { fingerprint } from './sync/fingerprint.js'
export { nextOffset, type OffsetMode } from './sync/offset-mode.js'
export type { WorkizSyncOptions } from './sync/options.js'
export { follow, noPages, type PageTrail } from './sync/page-trail.js'
export type { WorkizSyncRequest } from './sync/request.js'
export type { WorkizResult } from './sync/result.js'
export { isExpired } from './sync/retention.js'
export type { WorkizCredentials, WorkizPorts } from './sync/sync.js'
export type { WorkizItemError } from './sync/tally.js'
export { type WallClock, wallClock } from './sync/wall-clock.js'
export { workizSync } from './workiz-sync.js'
