import { parsedOr } from '../encoding/unreadable.js'
import type { DoneOnce } from '../processor/slice.js'
import type { Counters, EtaState } from '../progress/index.js'

/** What the core notes about a job between two slices, beside what the store has a column for. */
export interface Memo {
  readonly counters: Counters
  readonly eta: EtaState | null
  /** Log lines written so far. */
  readonly logLines: number
  /** Slices in a row that were given back without progress. */
  readonly idleSlices: number
  /** A person paused it: what follows is no time of work. */
  readonly paused: boolean
  /** What `once` did and may be asked for again. */
  readonly once?: readonly DoneOnce[] | undefined
}

const fresh: Memo = { counters: {}, eta: null, logLines: 0, idleSlices: 0, paused: false }

/** A fresh one for one that can't be read. */
export function readMemo(stored: string | null): Memo {
  return stored === null ? fresh : memoOf(parsedOr(stored, undefined))
}

export function memoOf(notes: unknown): Memo {
  return notes === undefined ? fresh : { ...fresh, ...(notes as Partial<Memo>) }
}

/** `null` when there is nothing to note. */
export function writeMemo(memo: Memo): string | null {
  return isFresh(memo) ? null : JSON.stringify(memo)
}

function isFresh({ counters, eta, logLines, idleSlices, paused, once }: Memo): boolean {
  const tells = eta !== null || logLines > 0 || idleSlices > 0 || paused || once !== undefined
  return counters === fresh.counters && !tells
}
