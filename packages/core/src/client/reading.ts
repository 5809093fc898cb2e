import { parsePayload, problemOf } from '../encoding/unreadable.js'
import type { PayloadError, PayloadErrorCode } from '../errors.js'

/** A part of a job that can't be read here: no codec of this runner opens it, or it is no longer what was stored. */
export interface UnreadablePart {
  readonly part: 'input' | 'output' | 'errors' | 'cursor' | 'notes'
  readonly code: PayloadErrorCode
  readonly message: string
}

type Part = UnreadablePart['part']

/** Reads the texts of one job for a view. What can't be read is left out and noted, so that the rest is shown. */
export class Reading {
  #parts: UnreadablePart[] | null = null

  get unreadable(): readonly UnreadablePart[] | null {
    return this.#parts
  }

  json(part: Part, text: string | null): unknown {
    try {
      return text === null ? undefined : parsePayload(part, text)
    } catch (error) {
      return this.#note(part, error as PayloadError)
    }
  }

  /** For a part that is not shown. */
  check(part: Part, text: string | null): void {
    const problem = text === null ? undefined : problemOf(part, text)
    if (problem) this.#note(part, problem)
  }

  #note(part: Part, { code, message }: PayloadError): void {
    this.#parts = [...(this.#parts ?? []), { part, code, message }]
  }
}
