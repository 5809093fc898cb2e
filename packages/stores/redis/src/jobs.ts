import {
  freshJob,
  fromStorable,
  type Job,
  type JobHead,
  type NewJob,
  type PendingWish,
  toStorable,
} from '@longhaul/core/store'
import { frame, groupOf, marksOf } from './frames.js'
import type { Held } from './held.js'
import { type Spec, specIn } from './spec.js'
import { stateOf } from './states.js'

type Text = string | null
/** Jobs as the scripts answer with them: seqs, rows, specs, cursors, errors, memos. Lists of texts may be empty. */
export type Heads = readonly [string[], string[], string[], Text[], Text[], Text[]]
/** With inputs and outputs behind. */
export type WholeJobs = readonly [...Heads, string[], Text[]]

export interface Texts {
  readonly cursor?: Text | undefined
  readonly error?: Text | undefined
  readonly memo?: Text | undefined
  readonly output?: Text | undefined
}

/** A job as `insert` and a write with follow-up jobs bring it to the server: see `scripts/newcomers.ts`. */
export function newcomer(job: NewJob): string[] {
  const { processor, queue, priority, key, lane, laneLimit, tenant, correlationId, tags } = job
  const members = [processor, queue, priority, key, lane, laneLimit, tenant, correlationId, tags]
  const due = job.runAt === undefined ? `+${digits(job.delayMs, 16)}` : `@${digits(job.runAt, 16)}`
  return [frame(job.id) + JSON.stringify(members), toStorable(job.input), due + endOfRow(job), marksOf(job)]
}

/** As many digits as a row has for a number. */
export function digits(number: number, width: number): string {
  return String(Math.ceil(Math.min(Math.max(0, number), 10 ** width - 1))).padStart(width, '0')
}

/** What the producer decides about a row: see `scripts/rows.ts`. */
function endOfRow(job: NewJob): string {
  const place = (job.lane === null ? '' : frame(job.lane)) + groupOf(job)
  const limit = job.lane === null ? 0 : job.laneLimit
  const rank = digits(1_000_000 - job.priority, 7) + digits(limit, 7)
  return `${job.lane === null ? '-' : 'l'}0----${rank}${digits(Buffer.byteLength(place), 8)}${place}|0 0 0 0 0 0 0 -`
}

/** What is stored of a job that was just inserted, without asking for it. A row has no due time before 1970. */
export function insertedJob(job: NewJob, now: number): Job {
  const fresh = freshJob(job, now)
  return { ...fresh, dueAt: Number(digits(job.runAt ?? now + job.delayMs, 16)) }
}

/** @param held is told of the jobs. */
export function jobsIn(answer: WholeJobs, held?: Held): Job[] {
  const [seqs, rows, specs, cursors, errors, memos, inputs, outputs] = answer
  return seqs.map((seq, place) => {
    const spec = specIn(specs[place] as string, inputs[place] ?? '')
    held?.add({ seq, spec })
    const texts = {
      cursor: cursors[place],
      error: errors[place],
      memo: memos[place],
      output: outputs[place],
    }
    return jobFrom(spec, rows[place] as string, texts)
  })
}

export function headsIn(heads: Heads): JobHead[] {
  return jobsIn([...heads, [], []]).map(({ input: _input, output: _output, ...head }) => head)
}

/** One literal for all members, and a row that is cut in place: a great many of these are made. */
export function jobFrom({ id, members, input }: Spec, row: string, texts: Texts): Job {
  const [processor, queue, priority, key, lane, laneLimit, tenant, correlationId, tags] = members
  const work = row.slice(row.lastIndexOf('|') + 1).split(' ')
  return {
    id,
    processor,
    queue,
    input,
    priority,
    key,
    lane,
    laneLimit,
    tenant,
    correlationId,
    tags: [...tags],
    state: stateOf(row.charAt(0)),
    token: Number(row.slice(18, 28)),
    wish: wishOf[row.charAt(1)] ?? null,
    createdAt: Number(row.slice(82, 98)),
    dueAt: Number(row.slice(2, 18)),
    startedAt: Number(row.slice(44, 60)) || null,
    endedAt: Number(row.slice(60, 76)) || null,
    cursor: shown(texts.cursor),
    output: shown(texts.output),
    error: shown(texts.error),
    memo: shown(texts.memo),
    progress: {
      done: Number(work[4]),
      failed: Number(work[5]),
      skipped: Number(work[6]),
      total: work[7] === '-' ? null : Number(work[7]),
    },
    attempts: Number(work[0]),
    crashes: Number(work[1]),
    interruptions: Number(work[2]),
    throttles: Number(work[3]),
  }
}

const wishOf: Readonly<Record<string, PendingWish>> = { c: 'cancel', p: 'pause' }

function shown(text: Text | undefined): Text {
  return typeof text === 'string' ? fromStorable(text) : null
}
