import { fromStorable, type Job, type JobHead, type PendingWish, type Standing } from '@longhaul/core/store'
import { unframe } from './frames.js'
import { stateOf } from './states.js'
import { shownText } from './texts.js'

/** Jobs as the scripts answer with them: their rows, see `scripts/rows.ts`, and the long texts that stand elsewhere. */
export type Rows = readonly [rows: readonly string[], longTexts: readonly string[]]

/** Gives the long texts in the order of the rows. */
type Next = () => string

export function jobsIn([rows, longTexts]: Rows): Job[] {
  const next = inOrder(longTexts)
  const alike = alikeReader()
  return rows.map(row => jobFrom(row, alike, next, next))
}

/** Their long inputs and outputs do not come with them. */
export function headsIn([rows, longTexts]: Rows): JobHead[] {
  const next = inOrder(longTexts)
  const alike = alikeReader()
  const nothing = () => ''
  return rows.map(row => {
    const { input: _input, output: _output, ...head } = jobFrom(row, alike, next, nothing)
    return head
  })
}

function inOrder(texts: readonly string[]): Next {
  let next = 0
  return () => texts[next++] as string
}

/** Only what has a fixed place at the start of a row. */
export function standingIn(row: string): Standing {
  return {
    state: stateOf(row.charAt(0)),
    token: Number(row.slice(51, 61)),
    wish: wishOf[row.charAt(1)] ?? null,
    dueAt: Number(row.slice(2, 18)),
    endedAt: Number(row.slice(34, 50)) || null,
  }
}

const wishOf: Readonly<Record<string, PendingWish>> = { c: 'cancel', p: 'pause' }

/** Its place in the order of the inserts. */
export function placeIn(row: string): string {
  return row.slice(107, 122)
}

/** One literal, and a row that is cut in place: a great many of these are made. */
function jobFrom(row: string, alike: ReturnType<typeof alikeReader>, next: Next, nextLarge: Next): Job {
  const parts = row.split('\0') as unknown as RowParts
  const { processor, queue, priority, lane, laneLimit } = alike(parts[0])
  const [key, tenant, correlationId, tags, group, note, wideLimit] = restOfSpec(parts[3])
  const work = parts[1] === noWork ? untouched : workIn(parts[1])
  return {
    id: fromStorable(parts[2]),
    processor,
    queue,
    input: shownText(row.charAt(87), parts[4], nextLarge) ?? '',
    priority,
    key,
    lane,
    laneLimit: wideLimit ?? laneLimit,
    tenant,
    correlationId,
    tags: [...tags],
    group,
    note,
    state: stateOf(row.charAt(0)),
    token: Number(row.slice(51, 61)),
    wish: wishOf[row.charAt(1)] ?? null,
    waitsFor: Number(row.slice(80, 87)),
    createdAt: Number(row.slice(91, 107)),
    dueAt: Number(row.slice(2, 18)),
    startedAt: Number(row.slice(61, 77)) || null,
    endedAt: Number(row.slice(34, 50)) || null,
    cursor: shownText(row.charAt(88), parts[5], next),
    error: shownText(row.charAt(89), parts[6], next),
    memo: shownText(row.charAt(90), parts[7], next),
    output: shownText(row.charAt(50), parts[8], nextLarge),
    progress: { done: work[4], failed: work[5], skipped: work[6], total: work[7] },
    attempts: work[0],
    crashes: work[1],
    interruptions: work[2],
    throttles: work[3],
  }
}

type RowParts = readonly [
  start: string,
  work: string,
  id: string,
  restOfSpec: string,
  input: string,
  cursor: string,
  error: string,
  memo: string,
  output: string,
]

/** The work of a job that nobody worked on yet. */
export const noWork = '0 0 0 0 0 0 0 -'

type Work = readonly [number, number, number, number, number, number, number, number | null]

const untouched: Work = [0, 0, 0, 0, 0, 0, 0, null]

function workIn(text: string): Work {
  return text.split(' ').map(number => (number === '-' ? null : Number(number))) as unknown as Work
}

/** What most jobs have nothing of. The limit is there if it is too wide for its place in the row. */
type RestOfSpec = readonly [
  key: string | null,
  tenant: string | null,
  correlationId: string | null,
  tags: readonly string[],
  group: string | null,
  note: string | null,
  laneLimit?: number,
]

const nothing: RestOfSpec = [null, null, null, [], null, null]

function restOfSpec(json: string): RestOfSpec {
  return json === '' ? nothing : JSON.parse(json)
}

/** Reads what many jobs of an answer share: rank, limit, and names of lane, processor and queue. */
function alikeReader() {
  let text = ''
  let alike = alikeIn(`0000000000000000000000${'0:'.repeat(2)}`, false)
  return (start: string) => {
    const shared = start.slice(122)
    if (shared === text) return alike
    text = shared
    alike = alikeIn(shared, start.charAt(77) === 'l')
    return alike
  }
}

function alikeIn(text: string, hasLane: boolean) {
  const place = text.slice(22)
  const [lane, behindLane] = hasLane ? unframe(place) : [null, place]
  const [processor, behindProcessor] = unframe(behindLane)
  const [queue] = unframe(behindProcessor)
  const priority = 1_000_000 - Number(text.slice(0, 7))
  return { processor, queue, priority, lane, laneLimit: Number(text.slice(7, 14)) }
}
