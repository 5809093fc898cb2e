import {
  type Committed,
  type ItemRecord,
  type JobWork,
  type LogLine,
  type Patch,
  toStorable,
  type Write,
} from '@longhaul/core/store'
import type { Arguments, Connection } from './connection.js'
import { frame } from './frames.js'
import type { Held, HeldJob } from './held.js'
import { digits, jobFrom, newcomer } from './jobs.js'
import { commitScript } from './scripts/commit.js'
import { specIn } from './spec.js'
import { letterOf } from './states.js'

/** Writes and records in one script: a long one holds up the server. */
const mostAtOnce = 1_000

/** Each write is whole; several scripts may carry them. The arguments are made first, and so are copies. */
export async function commitWrites(
  { run, held }: Connection,
  writes: readonly Write[],
): Promise<Committed[]> {
  const parts = inParts(writes).map(part => partOf(part, held))
  const answers: Committed[] = []
  for (const { args, known } of parts)
    answers.push(...committedIn((await run(commitScript, args)) as Answer, known))
  for (const [place, { job }] of answers.entries())
    if (job?.state !== 'running') held.remove((writes[place] as Write).id)
  return answers
}

interface Part {
  readonly args: Arguments
  /** What was known of the job of each write when it was sent. */
  readonly known: readonly (HeldJob | undefined)[]
}

function partOf(writes: readonly Write[], held: Held): Part {
  const known = writes.map(({ id }) => held.find(id))
  const args = writes.map((write, place) => oneWrite(write, known[place]?.seq ?? unknownSeq))
  return { known, args: [writes.length, args].flat(2) }
}

const unknownSeq = '-'.repeat(15)

type Answer = readonly [
  accepted: string,
  seqs: string[],
  rows: string[],
  /** Of the jobs that were not known here, or not under this seq. */
  unknownSpecs: string[],
  unknownInputs: string[],
  cursors: (string | null)[],
  errors: (string | null)[],
  memos: (string | null)[],
  outputs: (string | null)[],
]

function committedIn(answer: Answer, known: Part['known']): Committed[] {
  const [accepted, seqs, rows, unknownSpecs, unknownInputs, cursors, errors, memos, outputs] = answer
  let unknown = 0
  const nextUnknown = () => specIn(unknownSpecs[unknown] as string, unknownInputs[unknown++] as string)

  return known.map((job, place) => {
    if (seqs[place] === '') return { accepted: false, job: undefined }
    const spec = job && job.seq === seqs[place] ? job.spec : nextUnknown()
    const texts = {
      cursor: cursors[place],
      error: errors[place],
      memo: memos[place],
      output: outputs[place],
    }
    return { accepted: accepted[place] === '1', job: jobFrom(spec, rows[place] as string, texts) }
  })
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

/** See `scripts/commit.ts`. */
function oneWrite(write: Write, jobSeq: string): (string | number)[] {
  const { id, token, seq, patch } = write
  const head = jobSeq + digits(token, 10) + digits(seq, 16) + wayOf(patch) + toStorable(id)
  return [head, ...moreOf(write)]
}

function moreOf({ patch, follow = [], items = [], logs = [] }: Write): (string | number)[] {
  const work = numbersOf(patch)
  const texts = textsOf(patch)
  if (work === '' && texts.length + follow.length + items.length + logs.length === 0) return ['']
  return [
    ...['+', work, texts.length, ...texts],
    ...[follow.length, ...follow.flatMap(newcomer)],
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

/** The texts that a patch sets: a letter and, unless it is null, `=` and the value. */
export function textsOf({ cursor, error, memo, output }: Partial<JobWork>): string[] {
  const texts: string[] = []
  const add = (letter: string, text: string | null | undefined) => {
    if (text !== undefined) texts.push(text === null ? letter : `${letter}=${toStorable(text)}`)
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
