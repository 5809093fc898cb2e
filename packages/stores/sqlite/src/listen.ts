import type { Clock } from '@longhaul/core/store'
import { anythingDue } from './due.js'
import { type FileWatch, watchFile } from './file-watch.js'
import { type Pause, restOn } from './rest.js'
import type { Sql } from './sql.js'

export interface Listener {
  /** Passes a hint on, if a job is due. */
  wake(): void
  stop(): Promise<void>
}

/** What there is to listen to. */
export interface Ear {
  readonly sql: Sql
  /** Grows when someone else wrote; `undefined` where that can't be told just now. */
  writesSoFar(): string | undefined
  /** Where writes go, as far as they go to a file: the first that is there. */
  readonly files: readonly string[]
}

export interface ListenOptions {
  readonly clock: Clock
  readonly listenEveryMs: number
}

/** How often to look all the same while the file system tells of writes. The core polls more often. */
const trustedMs = 10_000

/** Between two looks, so that the many writes of a busy file are one. */
const unseenPauseMs = 1
const seenPauseMs = 5

/** A write is seen this much later than it might be, at most, in relation to how long its writer took. */
const growth = 1.5

/**
 * Calls `wake` when something was written and a job is due. The file system tells of a write, but of our own too, and
 * before anyone can see it: so a counter decides, which is looked at often at first and then less and less. Where the
 * file system tells nothing, it is looked at every `listenEveryMs`.
 */
export function listenTo(ear: Ear, wake: () => unknown, { clock, listenEveryMs }: ListenOptions): Listener {
  const rest = restOn(clock)
  const watch = watchFile(ear.files, rest.end)
  const pause = pauses(watch, listenEveryMs)
  const looking = look()

  async function look() {
    let seen = ear.writesSoFar()
    for (let isNew = false; await rest.begin(pause(isNew, rest.wasEnded())); ) {
      const now = ear.writesSoFar() ?? seen
      isNew = now !== seen
      seen = now
      if (isNew) hint()
    }
  }

  /** What a listener does, or throws, is not the store's business. */
  function hint() {
    if (rest.isOver() || !isDue(ear.sql)) return
    Promise.resolve()
      .then(wake)
      .catch(() => {})
  }

  return {
    wake: hint,
    async stop() {
      watch.stop()
      rest.stop()
      await looking
    },
  }
}

/** How long to pause after each look, given whether it saw a write and whether one was heard of before it. */
function pauses(watch: FileWatch, everyMs: number): (isNew: boolean, wasHeard: boolean) => Pause {
  const trusted = Math.max(trustedMs, everyMs)
  let atMostMs = unseenPauseMs
  let heard = false
  let isDeaf = false

  /** A write that was only found, and never heard of: the file system tells nothing, or of another file. */
  function judge() {
    isDeaf = !heard && (isDeaf || atMostMs >= trusted)
    if (isDeaf) watch.renew()
    heard = false
  }

  return (isNew, wasHeard) => {
    heard ||= wasHeard
    if (isNew) judge()
    const longestMs = watch.isOn() && !isDeaf ? trusted : everyMs
    atMostMs = Math.min(isNew || wasHeard ? unseenPauseMs : growth * atMostMs, longestMs)
    return { atLeastMs: isNew ? seenPauseMs : unseenPauseMs, atMostMs }
  }
}

function isDue(sql: Sql): boolean {
  return orElse(true, () => anythingDue(sql))
}

export function orElse<Value>(otherwise: Value, read: () => Value): Value {
  try {
    return read()
  } catch {
    return otherwise
  }
}
