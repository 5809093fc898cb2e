import type { ItemRecord, Job, JobHead, LogLine, Patch, Wish } from '../store/index.js'
import type { Sealer } from './sealer.js'

/** One way of a {@link Sealer}. */
export type Turn = Sealer['seal']

/** What a person calls the texts of a job. */
const partOf = { input: 'input', output: 'output', error: 'errors', cursor: 'cursor', memo: 'notes' } as const

type Text = keyof typeof partOf
type Texts = { [Name in Text]?: string | null }

const ofJob = ['input', 'output', 'error', 'cursor', 'memo'] as const
/** Without input and output: see `keepPayload`. */
const ofWork = ['error', 'cursor', 'memo'] as const

export const openJob = (job: Job, open: Turn): Job => turned(job, ofJob, job.id, open)
export const openHead = (job: JobHead, open: Turn): JobHead => turned(job, ofWork, job.id, open)
export const sealPatch = (patch: Patch, id: string, seal: Turn): Patch => turned(patch, ofWork, id, seal)

export function sealWish(wish: Wish, jobId: string, seal: Turn): Wish {
  return wish.kind === 'retry' && wish.work ? { ...wish, work: turned(wish.work, ofWork, jobId, seal) } : wish
}

export function turnItem(item: ItemRecord, jobId: string, turn: Turn): ItemRecord {
  const { key, value, error } = item
  return {
    ...item,
    value: value === null ? null : turn(value, jobId, `item ${key}`),
    error: error === null ? null : turn(error, jobId, `error of item ${key}`),
  }
}

export function turnLine<Line extends LogLine>(line: Line, jobId: string, turn: Turn): Line {
  return { ...line, message: turn(line.message, jobId, 'log line') }
}

/** A copy in which the texts that are there went through `turn`. */
function turned<Holder extends Texts>(
  holder: Holder,
  names: readonly Text[],
  id: string,
  turn: Turn,
): Holder {
  const copy: Texts = { ...holder }
  for (const name of names) {
    const text = holder[name]
    if (typeof text === 'string') copy[name] = turn(text, id, partOf[name])
  }
  return copy as Holder
}
