import type { Codec, CodecChain, Payload } from '@longhaul/core/codecs'

/** A text as it was before these codecs, which are named in front of what they wrote. */
export function opened(text: string, payload: Payload, codec: Codec | CodecChain | undefined): string {
  const [, steps, bytes] = /^lh1:([^:]+):(.*)$/.exec(text) ?? []
  if (!codec || !steps || !bytes) return text
  const known = 'codecs' in codec ? codec.codecs : [codec]
  const open = (coded: Uint8Array, step: string) => decode(coded, step, payload, known)
  return Buffer.from(steps.split(',').reduceRight(open, Buffer.from(bytes, 'base64url'))).toString()
}

function decode(coded: Uint8Array, step: string, payload: Payload, known: readonly Codec[]): Uint8Array {
  const [id, key] = step.split('=')
  return known.find(codec => codec.id === id)?.decode(coded, payload, key) ?? coded
}
