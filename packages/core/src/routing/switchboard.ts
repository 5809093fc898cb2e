import { OptionsError } from '../errors.js'
import type { Switches } from '../switches.js'
import { allOn, checkedFlags, type Flags } from './flags.js'

/** The flags of a store, for all processes; or those that `createRunner` was given. */
export interface FlagControl {
  /** As they are now. All is on where nobody has said otherwise. */
  get(): Promise<Flags>
  /**
   * Changes what is given, and keeps the rest. Other processes hear of it within five seconds.
   *
   * @throws {OptionsError} when a value is out of range, or the flags are given in code.
   */
  set(change: Partial<Flags>): Promise<Flags>
}

/**
 * Where all decisions of one runner come from.
 *
 * @param given Flags in code, which are asked for at every decision.
 */
export function createSwitchboard(
  switches: Switches,
  given: (() => Flags) | undefined,
  onError: (error: unknown) => void,
) {
  const flags = switches.one('flags', allOn)
  const known = given ? lastGood(given, onError) : flags.known

  const control: FlagControl = {
    get: async () => (given ? known() : flags.look()),

    async set(change) {
      if (given) throw new OptionsError('flags', 'are given to createRunner; change them there')
      return flags.change(before => merged(before, change))
    },
  }

  return {
    control,
    known,
    async fresh(): Promise<Flags> {
      if (!given) await switches.refreshOld()
      return known()
    },
  }
}

/** Code that fails to tell switches nothing: what it said last goes on to hold. */
function lastGood(given: () => Flags, onError: (error: unknown) => void): () => Flags {
  let good = allOn
  return () => {
    try {
      good = checkedFlags(given())
    } catch (error) {
      onError(error)
    }
    return good
  }
}

/** @throws {OptionsError} */
function merged(flags: Flags, change: Partial<Flags>): Flags {
  return checkedFlags({ ...flags, ...change, triggers: { ...flags.triggers, ...change.triggers } })
}
