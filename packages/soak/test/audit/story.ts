import { encodeCursor } from '@longhaul/core'
import type { ClaimLine, CommitLine, EffectLine, Evidence, FreeLine, LedgerLine } from '../../src/evidence.js'

const base = { pid: 1, job: 'a' }

export function claim(at: number, token: number, passed = 0, worker = `${token}.1`): ClaimLine {
  const cursor = passed === 0 ? null : cursorAt(passed)
  return { ...base, type: 'claim', at, sentAt: at - 1, token, worker, cursor }
}

export function effect(at: number, token: number, item: number, worker = `${token}.1`): EffectLine {
  return { ...base, type: 'effect', at, token, item, worker }
}

export function commit(at: number, token: number, seq: number, more: Partial<CommitLine> = {}): CommitLine {
  const worker = `${token}.1`
  return {
    ...base,
    type: 'commit',
    at,
    sentAt: at - 1,
    token,
    seq,
    worker,
    answer: 'accepted',
    storedToken: token,
    ...more,
  }
}

export function free(at: number, worker = '3.1'): FreeLine {
  return { type: 'free', at, worker, pid: 3 }
}

export function cursorAt(item: number): string {
  return encodeCursor({ at: 'key', cursor: item })
}

const end = encodeCursor({ at: 'end' })

/**
 * A job of four items: worker 1.1 does two, saves, does the third and is killed; worker 2.1 does the third again
 * and the rest. A third one is free.
 */
export const honest: readonly LedgerLine[] = [
  claim(1_000, 1),
  effect(1_010, 1, 1),
  effect(1_020, 1, 2),
  commit(1_030, 1, 1, { cursor: cursorAt(2) }),
  effect(1_040, 1, 3),
  free(2_040),
  claim(2_100, 2, 2),
  effect(2_110, 2, 3),
  effect(2_120, 2, 4),
  commit(2_130, 2, 1, { cursor: cursorAt(4) }),
  commit(2_140, 2, 2, { cursor: end, state: 'completed' }),
]

export function story(differences: Partial<Evidence> = {}): Evidence {
  const progress = { done: 4, failed: 0, skipped: 0, total: null }
  return {
    lines: honest,
    faults: [{ kind: 'kill', worker: '1.1', at: 1_050, until: 1_060 }],
    enqueued: [{ id: 'a', items: 4, lane: null, laneLimit: 1 }],
    stored: [{ id: 'a', state: 'completed', token: 2, cursor: end, progress }],
    limits: { workers: 4, slots: 1, batchSize: 2, leaseMs: 1_000, pollMs: 100, sharesLock: false },
    ...differences,
  }
}

/** The honest lines with others among them. */
export function withLines(...lines: readonly LedgerLine[]): Evidence {
  return story({ lines: [...honest, ...lines] })
}

export function withoutLines(isLeftOut: (line: LedgerLine) => boolean): Evidence {
  return story({ lines: honest.filter(line => !isLeftOut(line)) })
}
