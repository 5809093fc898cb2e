import { encodeJson } from '../encoding/json.js'
import { parsePayload } from '../encoding/unreadable.js'
import type { Sealer } from '../payload/sealer.js'
import type { Processor } from '../processor/types.js'
import type { StoredSchedule } from './definition.js'
import type { ReadySchedule } from './ready.js'

/** A schedule as the store keeps it: its input is text, and sealed as that of a job is. */
export type KeptSchedule = StoredSchedule<Processor<string, string>>

export interface Keeping {
  keep(schedule: ReadySchedule): KeptSchedule
  /** @throws {PayloadError} when its input can't be read here. */
  read(kept: KeptSchedule): StoredSchedule
}

export function createKeeping(sealer: Sealer | undefined): Keeping {
  return {
    keep({ name, processor, when, input, options, catchUp, toleranceMs, maxCatchUp }) {
      const text = encodeJson(input)
      const sealed = sealer ? sealer.seal(text, ownerOf(name), 'input') : text
      return { name, processor, ...when, input: sealed, options, catchUp, toleranceMs, maxCatchUp }
    },

    read(kept) {
      const text = sealer ? sealer.open(kept.input, ownerOf(kept.name), 'input') : kept.input
      return { ...kept, input: parsePayload('input', text) }
    },
  }
}

/** A codec ties what it seals to a job, and here to a schedule. */
function ownerOf(name: string): string {
  return `schedule:${name}`
}
