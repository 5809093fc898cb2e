import { assertSize, encodeJson } from '../encoding/json.js'
import type { Sealer } from './sealer.js'

/**
 * The stored form of an input or an output, within its limit. These two are sealed where they are made, for there it is
 * known what to do about one that is too large.
 *
 * @throws {EncodingError} when it would not come back equal.
 * @throws {TooLargeError} when its stored form is above the limit.
 */
export type KeepPayload = (part: 'input' | 'output', value: unknown, jobId: string) => string

export function createKeep(sealer: Sealer | undefined, limit: number): KeepPayload {
  return (part, value, jobId) => {
    const text = encodeJson(value)
    const stored = sealer ? sealer.seal(text, jobId, part) : text
    assertSize(part, stored, limit)
    return stored
  }
}
