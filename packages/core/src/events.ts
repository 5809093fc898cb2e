import { EventEmitter } from 'eventemitter3'
import { type JobView, viewJob } from './client/view.js'
import type { EngineEvent, Subject } from './engine/events.js'
import type { Redactor } from './redact/index.js'
import type { JobHead } from './store/index.js'

/** What a runner tells about the jobs that it enqueues and works itself. */
export interface RunnerEvents {
  enqueued: (job: JobView) => void
  /** A slice began. */
  started: (job: JobView) => void
  /** The job was saved on its way: cursor, progress, counters. */
  progress: (job: JobView) => void
  completed: (job: JobView) => void
  /** It is over, and items failed within what its processor tolerates. */
  completed_with_errors: (job: JobView) => void
  /** Given back in time, with work left; the next slice goes on from the cursor. */
  yielded: (job: JobView) => void
  /** Given back until a gate opens. */
  throttled: (job: JobView) => void
  snoozed: (job: JobView) => void
  /** An attempt failed, and another follows. */
  retrying: (job: JobView, error: unknown) => void
  /** It is over: no attempt is left, or none would help. */
  failed: (job: JobView, error: unknown) => void
  cancelled: (job: JobView) => void
  paused: (job: JobView) => void
  /** The job went to someone else, or could not be saved; what was done since the last checkpoint will be repeated. */
  lost: (job: JobView, error: unknown) => void
  /** Its handler was told to stop and takes no notice. What it does from now on is not saved. */
  stuck: (job: JobView, error: unknown) => void
  /** The store failed, or a listener threw. The worker goes on. */
  error: (error: unknown) => void
}

type Name = keyof RunnerEvents

/** Calls each listener on its own: one that throws is reported, and stops nobody. */
export function createEvents(now: () => number, redactor: Redactor) {
  const emitter = new EventEmitter<RunnerEvents>()
  const watchers = new Map<string, Set<() => void>>()

  function emit<Event extends Name>(event: Event, ...args: Parameters<RunnerEvents[Event]>): void {
    for (const listener of emitter.listeners(event)) {
      try {
        ;(listener as (...args: unknown[]) => void)(...args)
      } catch (error) {
        if (event !== 'error') emitError(error)
      }
    }
  }

  /** Nothing is put together for an event that nobody listens to. */
  function emitJob(event: Exclude<Name, 'error'>, job: () => JobHead, error?: unknown): void {
    if (emitter.listenerCount(event) === 0) return
    emit(event, redactView(viewJob(job(), now()), redactor), redactor.value(error))
  }

  function emitError(error: unknown): void {
    if (emitter.listenerCount('error') > 0) emit('error', redactor.value(error))
  }

  function tellWatchers({ id }: Subject): void {
    for (const listener of watchers.get(id) ?? []) listener()
  }

  return {
    on: <Event extends Name>(event: Event, listener: RunnerEvents[Event]) => {
      emitter.on(event, listener as never)
      return () => {
        emitter.off(event, listener as never)
      }
    },

    /** Calls back at every event of one job. */
    onJob: (id: string, listener: () => void) => {
      const listeners = watchers.get(id) ?? new Set()
      watchers.set(id, listeners.add(listener))
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) watchers.delete(id)
      }
    },

    enqueued: (job: JobHead) => emitJob('enqueued', () => job),

    notify(event: EngineEvent): void {
      if (event.type === 'claimed' || event.type === 'beat') return
      const error = 'error' in event ? event.error : undefined
      if (event.type === 'error') {
        emitError(error)
      } else {
        emitJob(event.type === 'saved' ? 'progress' : event.type, () => event.job.now(), error)
        tellWatchers(event.job)
      }
    },
  }
}

export type Events = ReturnType<typeof createEvents>

/** What names a job stays what it is, unless it looks like a secret. */
function redactView(view: JobView, { id, value }: Redactor): JobView {
  const idOrNull = (name: string | null) => (name === null ? null : id(name))
  return Object.assign(view, {
    key: idOrNull(view.key),
    lane: idOrNull(view.lane),
    tenant: idOrNull(view.tenant),
    correlationId: idOrNull(view.correlationId),
    group: idOrNull(view.group),
    trigger: idOrNull(view.trigger),
    tags: view.tags.map(id),
    errors: value(view.errors),
  })
}
