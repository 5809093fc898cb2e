import { bytesOf, mark, readEnvelope, type Step, textOf, writeEnvelope } from '../encoding/envelope.js'
import { missing, unreadable } from '../encoding/unreadable.js'
import { PayloadError } from '../errors.js'
import type { Codec, Payload } from './codec.js'

/** Turns what a job carries into what is stored, and back. */
export interface Sealer {
  seal(text: string, jobId: string, part: string): string
  /** A text that was stored without a codec stays as it is. Never throws: what can't be opened says why. */
  open(text: string, jobId: string, part: string): string
}

/** `undefined` without codecs: then there is nothing to do. */
export function createSealer(codecs: readonly Codec[]): Sealer | undefined {
  if (codecs.length === 0) return undefined
  const known = new Map(codecs.map(codec => [codec.id, codec]))
  return {
    seal: (text, jobId, part) => seal(text, codecs, { jobId, part }),
    open: (text, jobId, part) => open(text, known, { jobId, part }),
  }
}

function seal(text: string, codecs: readonly Codec[], payload: Payload): string {
  const steps: Step[] = []
  let bytes = bytesOf(text)
  for (const codec of codecs) {
    const encoded = codec.encode(bytes, payload)
    if (!encoded) continue
    bytes = encoded
    steps.push({ id: codec.id, key: codec.key })
  }
  return steps.length > 0 || looksSealed(text) ? writeEnvelope({ steps, bytes }) : text
}

/** A line of a handler may. It goes into an envelope without steps. */
function looksSealed(text: string): boolean {
  return text.startsWith(mark)
}

function open(text: string, known: ReadonlyMap<string, Codec>, payload: Payload): string {
  const envelope = readEnvelope(text)
  if (!envelope) return text
  try {
    const { steps, bytes } = envelope
    const opened = textOf(steps.reduceRight((coded, step) => decode(coded, step, known, payload), bytes))
    return steps.length > 0 || looksSealed(opened) ? opened : text
  } catch (error) {
    return unreadable(error)
  }
}

function decode(bytes: Uint8Array, { id, key }: Step, known: ReadonlyMap<string, Codec>, payload: Payload) {
  const codec = known.get(id)
  if (!codec) throw new PayloadError('payload_codec_missing', missing(id))
  return codec.decode(bytes, payload, key)
}
