import { assertSize, encodeJson } from '../encoding/json.js'
import { OnceError, OptionsError } from '../errors.js'
import type { HeldJob } from './held-job.js'

/** In characters. All results of a job are written each time that one is added, so together they stay small. */
const resultLimit = 16_384
const ledgerLimit = 65_536

/** Runs effects that must not happen twice: each result is saved with the job at once, and given from then on. */
export class Once {
  readonly #held: HeldJob
  readonly #underWay = new Map<string, Promise<unknown>>()

  constructor(held: HeldJob) {
    this.#held = held
  }

  /** Whoever asks for an effect that is under way waits for the same one. */
  run(item: string | null, key: string, effect: () => unknown): Promise<unknown> {
    const id = JSON.stringify([item, key])
    const running =
      this.#underWay.get(id) ?? this.#resultOf(item, key, effect).finally(() => this.#underWay.delete(id))
    this.#underWay.set(id, running)
    return running
  }

  async #resultOf(item: string | null, key: string, effect: () => unknown): Promise<unknown> {
    checkKey(key)
    const kept = this.#held.draft.ledger.get(item, key)
    if (kept !== undefined) return decode(key, kept)
    this.#assertCanBeKept(key)
    return this.#keep(item, key, await effect())
  }

  /** Before the effect: afterwards it would be too late. */
  #assertCanBeKept(key: string): void {
    this.#held.assertHeld()
    this.#assertSure(key)
    if (this.#held.draft.ledger.size > ledgerLimit) throw full(key)
  }

  /** A result that can't be kept leaves a mark, for the effect happened. */
  async #keep(item: string | null, key: string, result: unknown): Promise<unknown> {
    const { text, problem } = encode(key, result)
    this.#held.draft.ledger.add([item, key, text])
    await this.#held.saveSoon()
    this.#assertSure(key)
    if (problem) throw problem
    return decode(key, text)
  }

  #assertSure(key: string): void {
    if (this.#held.unsure) throw unsure(key)
  }
}

interface Encoded {
  readonly text: string | null
  readonly problem?: OnceError
}

/** Nothing at all is kept as an empty text. */
function encode(key: string, result: unknown): Encoded {
  try {
    const text = result === undefined ? '' : encodeJson(result)
    assertSize('result', text, resultLimit)
    return { text }
  } catch (error) {
    return { text: null, problem: unsaved(key, error) }
  }
}

function decode(key: string, text: string | null): unknown {
  if (text === null) throw unsaved(key)
  return text === '' ? undefined : JSON.parse(text)
}

function checkKey(key: string): void {
  if (typeof key === 'string' && key.length > 0 && key.length <= 200) return
  throw new OptionsError('key', 'of once must be a string of 1 to 200 characters')
}

function unsaved(key: string, cause?: unknown): OnceError {
  const why = cause instanceof Error ? ` (${cause.message})` : ''
  const message = `ran, but what it returned can't be kept${why}, so it is not run again. Return something small and plain, as an id; under another key it would run anew.`
  return new OnceError('once_unsaved', key, message, { cause })
}

function full(key: string): OnceError {
  const message = `did not run: what this job keeps of such effects is above ${ledgerLimit} characters. Return less, or use fewer keys; those of an item are dropped once it is saved, so smaller pages help.`
  return new OnceError('once_full', key, message)
}

function unsure(key: string): OnceError {
  const message =
    'can keep nothing after `checkpoint(cursor, { via })`, for nobody here knows how that transaction ends. Once it has, call `checkpoint(cursor)`.'
  return new OnceError('once_unsure', key, message)
}
