import { fromStorable, toStorable } from '../store/index.js'

/** One codec that a text went through, and the key it used. */
export interface Step {
  readonly id: string
  readonly key: string | undefined
}

/**
 * What a codec wrote, as text: `lh1:gzip,aes-256-gcm=2026-01:` and the bytes in base64url. The front says what it
 * takes to read it, to a person with a database shell too. No JSON starts like this.
 */
export interface Envelope {
  /** In the order in which they were applied. */
  readonly steps: readonly Step[]
  readonly bytes: Uint8Array
}

export const mark = 'lh1:'
const step = '[a-z0-9-]{1,40}(?:=[\\w.-]{1,64})?'
const front = new RegExp(`^${mark}((?:${step}(?:,${step}){0,7})?):`)

export function writeEnvelope({ steps, bytes }: Envelope): string {
  return `${mark}${steps.map(writeStep).join()}:${viewOf(bytes).toString('base64url')}`
}

/** `undefined` for a text that is none. */
export function readEnvelope(text: string): Envelope | undefined {
  const found = text.startsWith(mark) ? front.exec(text) : null
  if (!found) return undefined
  const [whole, names = ''] = found
  const steps = names === '' ? [] : names.split(',').map(readStep)
  return { steps, bytes: Buffer.from(text.slice(whole.length), 'base64url') }
}

function writeStep({ id, key }: Step): string {
  return key === undefined ? id : `${id}=${key}`
}

function readStep(name: string): Step {
  const [id = '', key] = name.split('=')
  return { id, key }
}

/** The bytes of a text; lone surrogates come back too. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(toStorable(text), 'utf8')
}

/** @throws when the bytes are no text. */
export function textOf(bytes: Uint8Array): string {
  return fromStorable(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
