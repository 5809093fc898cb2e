import type { Tally } from '../processor/slice.js'
import { addTo, type Observation, observe } from '../progress/index.js'
import type { ItemRecord, Job, JobWork, LogLine, NewJob, Progress } from '../store/index.js'
import { type Memo, readMemo, writeMemo } from './memo.js'
import { createOutbox, type Taken } from './outbox.js'
import type { Change } from './writer.js'

const mostLogLines = 1_000

/**
 * What a slice did, as it will be written: absolute values for what changed, and lists of what is new. A list keeps
 * its entries until a write that held them is confirmed; a later write carries them again, and a store takes them
 * once.
 */
export function createDraft(job: Job, heldSince: number) {
  const memo = readMemo(job.memo)
  const items = createOutbox<ItemRecord>()
  const logs = createOutbox<LogLine>()
  const follow = createOutbox<NewJob>()
  let { cursor, progress } = job
  let { counters, logLines } = memo
  let eta = memo.eta && observe(memo.eta, { done: progress.done, now: heldSince, spent: timeAway(job, memo) })
  let moved = false

  function work(notes: Memo): Partial<JobWork> {
    const written = writeMemo(notes)
    return {
      ...(moved ? { cursor, attempts: 0, crashes: 0 } : {}),
      ...(progress === job.progress ? {} : { progress }),
      ...(written === job.memo ? {} : { memo: written }),
    }
  }

  return {
    cursor: () => cursor,
    progress: () => progress,
    counters: () => counters,
    /** Failures in a row without progress, this slice left out. */
    attempts: () => (moved ? 0 : job.attempts),
    /** Slices in a row without progress, this one left out. */
    idleSlices: () => (moved ? 0 : memo.idleSlices),

    add(tally: Tally): void {
      progress = plus(progress, tally)
      for (const [name, by] of tally.counters) counters = addTo(counters, name, by)
      items.push(tally.items)
      follow.push(tally.follow)
    },

    moveTo(position: string): void {
      moved ||= position !== cursor
      cursor = position
    },

    report(change: Partial<Progress>): void {
      progress = { ...progress, ...change }
    },

    log(line: LogLine): void {
      if (logLines++ < mostLogLines) logs.push([line])
    },

    /** A job that tells nothing of its progress has no pace. */
    observe(now: number): void {
      if (progress === job.progress && !eta) return
      eta ??= observe(null, { done: job.progress.done, now: heldSince })
      eta = observe(eta, { done: progress.done, now })
    },

    /** Everything as one change, and what to call once it is stored. */
    take({ idleSlices = moved ? 0 : memo.idleSlices, paused = false }: TakeNotes = {}): Taking {
      const lists = [items.take(), logs.take(), follow.take()] as const
      const patch = work({ counters, eta, logLines, idleSlices, paused })
      const confirm = () => {
        for (const list of lists) list.confirm()
      }
      return { change: { patch, ...filled(...lists) }, confirm }
    },
  }
}

export type Draft = ReturnType<typeof createDraft>

/** What only the last write of a slice knows. */
export type TakeNotes = Partial<Pick<Memo, 'idleSlices' | 'paused'>>

export interface Taking {
  readonly change: Change
  /** To be called when it is stored. */
  confirm(): void
}

/** What the job did since its last slice, for its pace. */
function timeAway({ crashes }: Job, { paused }: Memo): NonNullable<Observation['spent']> {
  if (paused) return 'paused'
  return crashes > 0 ? 'down' : 'waiting'
}

function plus(progress: Progress, { done, failed, skipped }: Tally): Progress {
  return {
    total: progress.total,
    done: progress.done + done,
    failed: progress.failed + failed,
    skipped: progress.skipped + skipped,
  }
}

/** Only the lists that hold something. */
function filled(
  items: Taken<ItemRecord>,
  logs: Taken<LogLine>,
  follow: Taken<NewJob>,
): Omit<Change, 'patch'> {
  return {
    ...(items.entries.length > 0 ? { items: items.entries } : {}),
    ...(logs.entries.length > 0 ? { logs: logs.entries } : {}),
    ...(follow.entries.length > 0 ? { follow: follow.entries } : {}),
  }
}
