import { PayloadError, type PayloadErrorCode } from '../errors.js'
import { isLonghaulError } from '../store/index.js'
import { mark, readEnvelope } from './envelope.js'

/**
 * What could not be opened travels on as a text, so that one such job stops no list and no claim: either the envelope as
 * it is stored, where no codec was given, or the reason, in the form below. It is met where the text would be used.
 */
const failure = /^lh1:!(\w+):([\s\S]*)$/

const codes: ReadonlySet<string> = new Set<PayloadErrorCode>([
  'payload_codec_missing',
  'payload_key_missing',
  'payload_damaged',
  'payload_too_large',
])

/** Of a text that is JSON when it can be read. */
export function isUnreadable(text: string): boolean {
  return text.startsWith(mark)
}

/** The text in place of one that can't be opened. */
export function unreadable(error: unknown): string {
  const known = isLonghaulError(error) && codes.has(error.code)
  const message = error instanceof Error ? error.message : 'its codec threw something that is no error'
  return `${mark}!${known ? error.code : 'payload_damaged'}:${message}`
}

/** Why a text can't be read. `undefined` for one that can. */
export function problemOf(part: string, text: string): PayloadError | undefined {
  if (!isUnreadable(text)) return undefined
  const [, code, message] = failure.exec(text) ?? []
  if (code !== undefined)
    return new PayloadError(code as PayloadErrorCode, `The ${part} can't be read: ${message}`)
  const names = readEnvelope(text)
    ?.steps.map(({ id }) => id)
    .join(', ')
  return names === undefined
    ? changed(part)
    : new PayloadError('payload_codec_missing', `The ${part} can't be read: ${missing(names)}`)
}

/** What is said of a codec that a runner does not have. */
export function missing(names: string): string {
  return `it went through the codec ${names}, which this runner was not given. Pass it to createRunner as \`codec\`.`
}

/** @throws {PayloadError} when the text can't be read. */
export function parsePayload(part: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw problemOf(part, text) ?? changed(part)
  }
}

/** For what the core can do without. */
export function parsedOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return otherwise
  }
}

function changed(part: string): PayloadError {
  return new PayloadError('payload_damaged', `The ${part} can't be read: it is no longer what was stored.`)
}

/** @throws {PayloadError} */
export function assertReadable(part: string, text: string | null): void {
  const problem = text === null ? undefined : problemOf(part, text)
  if (problem) throw problem
}

/** A line that a handler wrote, which may look like anything; or why it can't be read. */
export function readableLine(part: string, line: string): string {
  const isOurs = failure.test(line) || readEnvelope(line) !== undefined
  return (isOurs && problemOf(part, line)?.message) || line
}
