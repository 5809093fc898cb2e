import { type JobFilter, toStorable } from '@longhaul/core/store'
import type { Arguments, Connection } from './connection.js'
import { frame, markOf } from './frames.js'
import { residentsScript, resolveScript } from './scripts/queries.js'
import type { Script } from './scripts/script.js'
import { letterOf } from './states.js'

/** Jobs that one script looks at. */
const chunk = 500

/** So many jobs in the asked states are looked up one by one; more are searched for among all. */
const few = 5_000

interface Walk {
  /** What the script is told before the walk. */
  readonly lead?: Arguments
  /** The place behind which the walk starts. */
  readonly after?: string
  /** A script ends early once it found so many. */
  readonly finds?: number
}

/** Every walking script answers with the place behind which to go on, or an empty text at the end. */
type Step = readonly [behind: string, ...rest: unknown[]]

/** Sends a script along the jobs that may match, the newest first, and gives its answers. */
export async function* walk<Answer extends Step>(
  connection: Connection,
  script: Script,
  filter: JobFilter,
  { lead = [], after = '', finds = chunk }: Walk = {},
): AsyncGenerator<Answer> {
  const { place, marks } = placeOf(filter)
  const conditions = conditionsOf(filter, marks)
  const refs = place ? undefined : await refsOf(connection, filter)
  let behind = after
  do {
    const part = refs ? given(refs, behind, finds) : [place ?? 'order', behind, chunk, finds]
    const answer = (await connection.run(script, [...lead, ...part, ...conditions])) as Answer
    yield answer
    behind = answer[0]
  } while (behind !== '')
}

function given(refs: readonly string[], behind: string, finds: number): Arguments {
  const part = refs.filter(ref => behind === '' || ref.slice(0, 15) < behind).slice(0, chunk)
  return ['given', behind, chunk, finds, part.length, ...part]
}

/** The mark to walk along, the one that few jobs have before others, and the marks to check. Ids need none. */
function placeOf({ ids, key, correlationId, group, tag, lane, tenant }: JobFilter) {
  const given = { key, correlationId, group, tag, lane, tenant }
  const marks = (Object.keys(given) as (keyof typeof given)[]).flatMap(kind => {
    const name = given[kind]
    return name === undefined ? [] : markOf[kind](name)
  })
  return ids ? { place: undefined, marks } : { place: marks[0], marks: marks.slice(1) }
}

function conditionsOf({ states, processors, queues }: JobFilter, marks: readonly string[]): Arguments {
  return [
    ...setOf(states, letterOf),
    ...setOf(processors, frame),
    ...setOf(queues, frame),
    marks.length,
    ...marks,
  ]
}

/** A list as scripts take it. */
export function setOf<Member>(members: readonly Member[] | undefined, show: (member: Member) => string) {
  return members ? [members.length, ...members.map(show)] : [1, '*']
}

/** Those that were named, or that are in the asked states; `undefined` where the walk has to find them. */
async function refsOf({ run }: Connection, { ids, states }: JobFilter): Promise<string[] | undefined> {
  if (ids) return (await run(resolveScript, [ids.length, ...ids.map(toStorable)])) as string[]
  if (!states) return undefined
  const refs = await run(residentsScript, [[...new Set(states)].map(letterOf).join(''), few])
  return (refs as string[] | null) ?? undefined
}
