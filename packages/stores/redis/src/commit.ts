import {
  type Committed,
  type ItemRecord,
  type JobState,
  type JobWork,
  type LogLine,
  type Patch,
  toStorable,
  type Write,
} from '@longhaul/core/store'
import type { Arguments, Connection } from './connection.js'
import { digits } from './digits.js'
import { frame } from './frames.js'
import { newcomers } from './newcomers.js'
import { standingIn } from './rows.js'
import { commitScript } from './scripts/commit.js'
import { letterOf } from './states.js'
import { storedText } from './texts.js'

/** Writes and records in one script: a long one holds up the server. */
const mostAtOnce = 1_000

/** Each write is whole; several scripts may carry them. The arguments are made first, and so are copies. */
export async function commitWrites({ run }: Connection, writes: readonly Write[]): Promise<Committed[]> {
  const parts = inParts(writes).map(part => ({ part, args: argumentsOf(part) }))
  const answers: Committed[] = []
  for (const { part, args } of parts)
    answers.push(...committedIn((await run(commitScript, args)) as Answer, part))
  return answers
}

/** See `scripts/commit.ts`. */
function argumentsOf(writes: readonly Write[]): Arguments {
  const args: (string | number)[] = [writes.length]
  for (const write of writes) addWrite(args, write)
  return args
}

type Answer = readonly [now: string, accepted: string, standings: string[]]

function committedIn([now, accepted, standings]: Answer, writes: readonly Write[]): Committed[] {
  if (standings.length === 0) return writes.map(write => endedAt(Number(now), write))
  return standings.map((standing, place) => ({
    accepted: accepted[place] === '1',
    job: standing === '' ? undefined : standingIn(standing),
  }))
}

function endedAt(now: number, { token, patch }: Write): Committed {
  const state = patch.state as JobState
  return { accepted: true, job: { state, token, wish: null, dueAt: now, endedAt: now } }
}

function inParts(writes: readonly Write[]): Write[][] {
  const parts: Write[][] = []
  let size = mostAtOnce
  for (const write of writes) {
    if (size >= mostAtOnce) {
      parts.push([])
      size = 0
    }
    parts.at(-1)?.push(write)
    size += 1 + (write.follow?.length ?? 0) + (write.items?.length ?? 0) + (write.logs?.length ?? 0)
  }
  return parts
}

function addWrite(args: (string | number)[], write: Write): void {
  const { id, token, seq, patch } = write
  const head = `-${digits(token, 10)}${digits(seq, 16)}${wayOf(patch)}`
  args.push(toStorable(id))
  if (isMore(write)) args.push(`${head}+`, ...moreOf(write))
  else args.push(head + outputOf(patch))
}

/** Whether there is more to store than where the job goes and what it gave. */
function isMore({ patch, follow, items, logs }: Write): boolean {
  if (follow?.length || items?.length || logs?.length) return true
  const { cursor, error, memo } = patch
  if (cursor !== undefined || error !== undefined || memo !== undefined || numbersOf(patch) !== '')
    return true
  return patch.output === null || (patch.output?.length ?? 0) > longestOutput
}

/** One that is surely short enough for its row. */
const longestOutput = 100

function outputOf({ output }: Patch): string {
  return typeof output === 'string' ? `=${toStorable(output)}` : '-'
}

function moreOf({ patch, follow = [], items = [], logs = [] }: Write): (string | number)[] {
  const texts = textsOf(patch)
  return [
    ...[numbersOf(patch), texts.length, ...texts],
    ...newcomers(follow),
    ...[items.length, ...items.map(itemRecord)],
    ...[logs.length, ...logs.map(logRecord)],
  ]
}

/** Where the job goes, or how long it stays held. */
function wayOf({ state, leaseMs, delayMs }: Patch): string {
  const milliseconds = (ms: number | undefined) => (ms === undefined ? absent : digits(ms, 16))
  return (state ? letterOf(state) : '-') + milliseconds(leaseMs) + milliseconds(delayMs)
}

const absent = '-'.repeat(16)

/** The numbers of the work in the order of a row, with `.` for one that stays; empty when all of them do. */
export function numbersOf({
  attempts,
  crashes,
  interruptions,
  throttles,
  progress,
}: Partial<JobWork>): string {
  const counters = [attempts, crashes, interruptions, throttles]
  if (!progress && counters.every(counter => counter === undefined)) return ''
  const { done, failed, skipped, total } = progress ?? {}
  return [...counters, done, failed, skipped, total]
    .map(number => (number === undefined ? '.' : (number ?? '-')))
    .join(' ')
}

/** The texts that a patch sets: a letter, the flag of the row, and the value. */
export function textsOf({ cursor, error, memo, output }: Partial<JobWork>): string[] {
  const texts: string[] = []
  const add = (letter: string, text: string | null | undefined) => {
    if (text === undefined) return
    const { flag, value } = storedText(text)
    texts.push(letter + flag + value)
  }
  add('c', cursor)
  add('e', error)
  add('m', memo)
  add('o', output)
  return texts
}

function itemRecord({ key, outcome, value, error }: ItemRecord): string {
  return frame(key) + JSON.stringify([outcome, value, error])
}

function logRecord({ level, message }: LogLine): string {
  return JSON.stringify([level, message])
}
