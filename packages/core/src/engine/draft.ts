import type { Tally } from '../processor/slice.js'
import { addTo, type Observation, observe } from '../progress/index.js'
import type { ItemRecord, Job, JobWork, LogLine, NewJob, Progress } from '../store/index.js'
import { type Memo, readMemo, writeMemo } from './memo.js'
import type { Change } from './writer.js'

const mostLogLines = 1_000

/**
 * What a slice did, as it will be written: absolute values, and lists of what is new. A list keeps its entries
 * until a write that held them is confirmed; a later write carries them again, and a store takes them once.
 */
export function createDraft(job: Job, now: number) {
  const memo = readMemo(job.memo)
  const items = outbox<ItemRecord>()
  const logs = outbox<LogLine>()
  const follow = outbox<NewJob>()
  let { cursor, progress } = job
  let { counters, logLines } = memo
  let eta = observe(memo.eta, { done: progress.done, now, spent: timeAway(job, memo) })

  const moved = () => cursor !== job.cursor

  return {
    cursor: () => cursor,
    progress: () => progress,
    counters: () => counters,
    /** Failures in a row without progress, this slice left out. */
    attempts: () => (moved() ? 0 : job.attempts),
    /** Slices in a row without progress, this one left out. */
    idleSlices: () => (moved() ? 0 : memo.idleSlices),

    add(tally: Tally): void {
      progress = plus(progress, tally)
      for (const [name, by] of tally.counters) counters = addTo(counters, name, by)
      items.push(tally.items)
      follow.push(tally.follow)
    },

    moveTo(position: string): void {
      cursor = position
    },

    report(change: Partial<Progress>): void {
      progress = { ...progress, ...change }
    },

    log(line: LogLine): void {
      if (logLines++ < mostLogLines) logs.push([line])
    },

    observe(now: number): void {
      eta = observe(eta, { done: progress.done, now })
    },

    /** Everything as one change, and what to call once it is stored. */
    take({ idleSlices = moved() ? 0 : memo.idleSlices, paused = false }: TakeNotes = {}): Taking {
      const lists = { items: items.take(), logs: logs.take(), follow: follow.take() }
      const notes: Memo = { counters, eta, logLines, idleSlices, paused }
      const work: Partial<JobWork> = { cursor, progress, memo: writeMemo(notes) }
      const patch = moved() ? { ...work, attempts: 0, crashes: 0 } : work
      const confirm = () => {
        for (const list of Object.values(lists)) list.confirm()
      }
      return { change: { patch, ...entriesOf(lists) }, confirm }
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

interface Taken<Entry> {
  readonly entries: readonly Entry[]
  confirm(): void
}

function outbox<Entry>() {
  let first = 0
  let entries: Entry[] = []
  return {
    push(more: readonly Entry[]): void {
      entries.push(...more)
    },
    take(): Taken<Entry> {
      const end = first + entries.length
      const confirm = () => {
        entries = entries.slice(Math.max(0, end - first))
        first = Math.max(first, end)
      }
      return { entries: [...entries], confirm }
    },
  }
}

function entriesOf<Lists extends Record<string, Taken<unknown>>>(lists: Lists) {
  const filled = Object.entries(lists).filter(([, { entries }]) => entries.length > 0)
  return Object.fromEntries(filled.map(([name, { entries }]) => [name, entries]))
}
