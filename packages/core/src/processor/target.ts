import type { AnyProcessor } from './types.js'

/** A processor of a runner, or its name. */
export type TargetOf<Processors extends readonly AnyProcessor[]> =
  | Processors[number]
  | Processors[number]['name']

export type ProcessorAt<Processors extends readonly AnyProcessor[], Target> = Target extends string
  ? Extract<Processors[number], { readonly name: Target }>
  : Target
