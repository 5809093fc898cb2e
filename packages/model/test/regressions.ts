import { insertAfter, insertChain } from '../src/commands/after.js'
import { claimAgain, claimAny } from '../src/commands/claims.js'
import { complete, completeWithErrors, fail, giveBack, renew, stopPaused } from '../src/commands/holders.js'
import type { Command } from '../src/commands/index.js'
import { insertAgain, insertInLane, insertMany, insertOne, insertWithKey } from '../src/commands/inserts.js'
import { outlast, prune, swap, swapStale, wait } from '../src/commands/others.js'
import { cancel, pause, resume, retry } from '../src/commands/wishes.js'
import { followUp, writeAgain, writeStale } from '../src/commands/writes.js'

const claimAll = claimAny.of({ limit: 4, leaseMs: 10_000 })
const claimOne = claimAny.of({ limit: 1, leaseMs: 10_000 })
const insertTwo = insertMany.of({ each: [{}, {}] })
const first = { holder: 0 }
const to = { one: 0 }

/** Runs that once made stores differ, or that each of them gets wrong easily. */
export const regressions: Readonly<Record<string, readonly Command[]>> = {
  'a job is passed over that has a smaller limit than one behind it in its lane': [
    insertInLane.of({ lane: 'narrow', limits: [1, 1, 2] }),
    claimAny.of({ limit: 2, leaseMs: 10_000 }),
  ],
  'a claim is repeated after one of its jobs was renewed': [
    insertTwo,
    claimAll,
    renew.of({ ...first, leaseMs: 60_000 }),
    claimAgain.of({ claim: 0 }),
  ],
  'a job that waited in vain is wanted again before the one that it waits for': [
    insertChain.of({ length: 3, outcome: 'succeeded', key: null }),
    claimOne,
    fail.of({ ...first, error: 'e1' }),
    retry.of({ to: { one: 1 }, wish: { kind: 'retry' } }),
    retry.of({ to, wish: { kind: 'retry' } }),
    claimOne,
    complete.of({ ...first, output: null, again: true }),
    claimAll,
  ],
  'an end is repeated after the job was retried': [
    insertOne.of({ details: {} }),
    claimOne,
    completeWithErrors.of({ ...first, error: 'e1' }),
    retry.of({ to, wish: { kind: 'retry' } }),
    writeAgain.of({ write: 0 }),
    claimOne,
    writeAgain.of({ write: 0 }),
  ],
  'a pause comes while a job is held, and a cancel after it was given back': [
    insertOne.of({ details: {} }),
    claimOne,
    pause.of({ to: { some: [0] }, wish: { kind: 'pause' } }),
    giveBack.of(first),
    cancel.of({ to, wish: { kind: 'cancel' }, again: true }),
    resume.of({ to: { some: [0] }, wish: { kind: 'resume' } }),
  ],
  'a lease ends to the millisecond, with a wish that nobody saw': [
    insertInLane.of({ lane: 'narrow', limits: [1, 1] }),
    claimAll,
    pause.of({ to: { some: [0] }, wish: { kind: 'pause' } }),
    wait.of({ ms: 9_999 }),
    claimAll,
    wait.of({ ms: 1 }),
    writeStale.of({ holder: 0, state: 'completed' }),
    claimAll,
    stopPaused.of(first),
    claimAll,
  ],
  'a follow-up job takes the place of one that was deleted': [
    insertWithKey.of({ details: {}, key: 'k' }),
    claimOne,
    complete.of({ ...first, output: '{}' }),
    prune.of({ states: ['completed'], olderThanMs: 0, processors: undefined, limit: 1, again: true }),
    insertOne.of({ details: {} }),
    claimOne,
    followUp.of({ ...first, each: [[{}, 'k']], state: 'completed', again: true }),
    writeStale.of({ holder: 0, state: undefined }),
    insertAgain.of({ details: { queue: 'slow' }, job: 1 }),
  ],
  'a job is kept for as long as another one waits for it': [
    insertOne.of({ details: {} }),
    claimOne,
    fail.of({ ...first, error: 'e2' }),
    insertAfter.of({ details: {}, awaited: [0], outcome: 'succeeded' }),
    prune.of({ states: ['failed', 'cancelled'], olderThanMs: 0, processors: undefined, limit: 1 }),
    prune.of({ states: ['failed'], olderThanMs: 0, processors: undefined, limit: 3 }),
  ],
  'a cell is swapped twice at the same version': [
    swap.of({ name: 'book', value: 'x', again: true }),
    outlast.of({}),
    swapStale.of({ name: 'book', value: 'y', behind: 1, again: true }),
  ],
}
