import { OptionsError } from '../errors.js'
import { type SwapLoopDeps, swapLoop } from '../swap-loop.js'
import { nonePaused, type Paused, pausedCell, readPaused } from './paused.js'

/** Queues, or processors, that no worker claims from for the time being. Jobs that run go on. */
export interface Pausing {
  /** Other processes hear of it within five seconds. @throws {OptionsError} unless it is a name. */
  pause(name: string): Promise<void>
  resume(name: string): Promise<void>
  /** Those that are paused, by name. */
  paused(): Promise<readonly string[]>
}

interface PausesDeps extends SwapLoopDeps {
  opened(): Promise<void>
  /** It could not be looked at; what was seen last goes on to hold. */
  onError(error: unknown): void
}

const lookEveryMs = 5_000
const mostNames = 1_000

/** What is paused in a store, kept in one cell that all workers look at. */
export function createPauses({ opened, onError, ...deps }: PausesDeps) {
  const { cells, clock } = deps
  let known = nonePaused
  let lookedAt = Number.NEGATIVE_INFINITY

  async function look(): Promise<Paused> {
    lookedAt = clock.now()
    known = readPaused((await cells.cell(pausedCell)).value)
    return known
  }

  async function refresh(): Promise<void> {
    await look().catch(onError)
  }

  async function change(kind: keyof Paused, edit: (names: readonly string[]) => readonly string[]) {
    await opened()
    const cell = await swapLoop(deps, pausedCell, ({ value }) => {
      const paused = readPaused(value)
      return JSON.stringify({ ...paused, [kind]: edit(paused[kind]) })
    })
    known = readPaused(cell.value)
  }

  function pausing(kind: keyof Paused): Pausing {
    return {
      pause: async name => change(kind, names => withName(names, checkedName(name))),
      resume: name => change(kind, names => names.filter(other => other !== name)),

      async paused() {
        await opened()
        return (await look())[kind]
      },
    }
  }

  return {
    queues: pausing('queues'),
    processors: pausing('processors'),
    refresh,
    /** As it was last seen. After five seconds it is looked at anew, for whoever asks next. */
    known(): Paused {
      if (clock.now() - lookedAt >= lookEveryMs) void refresh()
      return known
    },
  }
}

export type Pauses = ReturnType<typeof createPauses>

/** @throws {OptionsError} */
function checkedName(name: string): string {
  if (typeof name === 'string' && name.length >= 1 && name.length <= 500) return name
  throw new OptionsError('name', 'must be a string of 1 to 500 characters')
}

/** @throws {OptionsError} */
function withName(names: readonly string[], name: string): readonly string[] {
  const all = [...new Set([...names, name])].sort()
  if (all.length <= mostNames) return all
  throw new OptionsError('name', `at most ${mostNames} are paused at a time; pause the jobs by a filter`)
}
