import { OptionsError } from '../errors.js'
import type { Switches } from '../switches.js'
import { nonePaused, type Paused } from './paused.js'

/** Queues, or processors, that no worker claims from for the time being. Jobs that run go on. */
export interface Pausing {
  /** Other processes hear of it within five seconds. @throws {OptionsError} unless it is a name. */
  pause(name: string): Promise<void>
  /** Without effect on one that is not paused. Other processes hear of it within five seconds. */
  resume(name: string): Promise<void>
  /** Those that are paused, by name. */
  paused(): Promise<readonly string[]>
}

const mostNames = 1_000

/** What is paused in a store. */
export function createPauses(switches: Switches) {
  const paused = switches.one('paused', nonePaused)

  async function change(kind: keyof Paused, edit: (names: readonly string[]) => readonly string[]) {
    await paused.change(all => ({ ...all, [kind]: edit(all[kind]) }))
  }

  function pausing(kind: keyof Paused): Pausing {
    return {
      pause: async name => change(kind, names => withName(names, checkedName(name))),
      resume: name => change(kind, names => names.filter(other => other !== name)),
      paused: async () => (await paused.look())[kind],
    }
  }

  return { queues: pausing('queues'), processors: pausing('processors'), known: paused.known }
}

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
