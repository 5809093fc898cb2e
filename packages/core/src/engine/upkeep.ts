import type { Clock } from '../clock.js'

/** Work that a store needs now and then, whatever its jobs do. */
export interface Chore {
  /** Does what is due, and answers how much that was and when to look again. Any worker may do it at any time. */
  tick(isOver: () => boolean): Promise<{ readonly done: number; readonly dueInMs: number }>
}

export interface Tick<Name extends string> {
  /** How much each chore did. */
  readonly done: Readonly<Partial<Record<Name, number>>>
  /** What went wrong: the other chores are done all the same. */
  readonly errors: readonly unknown[]
}

/** A chore that failed is tried again after this long. */
const retryMs = 5_000

/** The chores of one runner. When they are due is told by the clock of this process, so a frozen one is late at most. */
export function createUpkeep<Name extends string>(chores: Readonly<Record<Name, Chore>>, clock: Clock) {
  const names = Object.keys(chores) as Name[]
  const dueAt = new Map<Name, number>()
  const wanted = new Set<Name>(names)
  const dueInMs = (name: Name) => (wanted.has(name) ? 0 : Math.max(0, (dueAt.get(name) ?? 0) - clock.now()))

  async function doChore(name: Name, isOver: () => boolean): Promise<number> {
    wanted.delete(name)
    dueAt.set(name, clock.now() + retryMs)
    const { done, dueInMs } = await chores[name].tick(isOver)
    dueAt.set(name, clock.now() + dueInMs)
    return done
  }

  return {
    /** Does the chores that are due, side by side. It never rejects. */
    async tick(isOver: () => boolean = () => false): Promise<Tick<Name>> {
      const due = names.filter(name => dueInMs(name) === 0)
      const ends = await Promise.allSettled(due.map(name => doChore(name, isOver)))
      const done: Partial<Record<Name, number>> = {}
      for (const [index, end] of ends.entries())
        if (end.status === 'fulfilled') done[due[index] as Name] = end.value
      return { done, errors: ends.flatMap(end => (end.status === 'rejected' ? [end.reason] : [])) }
    },

    /** How long until a chore is due. */
    dueInMs: () => Math.min(...names.map(dueInMs)),

    /** Makes these chores due now, also one that is being done; all of them without a name. */
    want(...some: readonly Name[]): void {
      for (const name of some.length === 0 ? names : some) wanted.add(name)
    },
  }
}

export type Upkeep = Pick<ReturnType<typeof createUpkeep<string>>, 'tick' | 'dueInMs'>
