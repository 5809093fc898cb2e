import type { Cell } from '../store/index.js'

/** For each processor, when its jobs may be pruned again by the store's clock. */
type Turns = Readonly<Record<string, number>>

export interface Turn {
  /** The processors whose turn it is. */
  readonly processors: readonly string[]
  /** What the cell holds once it is taken. */
  readonly value: string
  /** How long until the next one, at least. */
  readonly dueInMs: number
}

export const turnCell = 'retention'
const everyMs = 60_000
/** So that workers of one store do not come to it at one instant. */
const spreadMs = 15_000

/** Pure: one worker at a time prunes, and the same processor not more than once a minute. */
export function takeTurn({ value, now }: Cell, processors: readonly string[], random: number): Turn {
  const turns: Turns = value === null ? {} : (JSON.parse(value) as Turns)
  const due = processors.filter(name => !((turns[name] ?? 0) > now))
  const nextAt = now + everyMs + Math.floor(random * spreadMs)
  const taken = Object.fromEntries([...live(turns, now), ...due.map(name => [name, nextAt] as const)])
  const next = Math.min(...processors.map(name => taken[name] ?? nextAt))
  return { processors: due, value: JSON.stringify(taken), dueInMs: next - now }
}

/** Processors that nobody works any more are forgotten. */
function live(turns: Turns, now: number): [string, number][] {
  return Object.entries(turns).filter(([, at]) => at > now - 86_400_000)
}
