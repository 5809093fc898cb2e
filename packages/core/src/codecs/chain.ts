import type { Codec, CodecChain } from '../payload/codec.js'

/**
 * Codecs one after the other: the first gets the text, so compress before you encrypt. What any one of them wrote stays
 * readable, also after codecs were added or their order changed.
 */
export function chain(...codecs: readonly (Codec | CodecChain)[]): CodecChain {
  return { codecs: codecs.flatMap(codec => ('codecs' in codec ? codec.codecs : [codec])) }
}
