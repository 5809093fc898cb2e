export type { Codec, CodecChain, Payload } from '../payload/codec.js'
export { chain } from './chain.js'
export { type CompressionOptions, compression } from './compression.js'
export { type EncryptionOptions, encryption } from './encryption.js'
