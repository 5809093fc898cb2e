import type { AnyProcessor } from './types.js'

/** A processor of a runner, or its name. */
export type TargetOf<Processors extends readonly AnyProcessor[]> =
  | Processors[number]
  | Processors[number]['name']

/** Of a runner whose processors are not known to the type, any name may be one. */
export type ProcessorAt<Processors extends readonly AnyProcessor[], Target> = Target extends string
  ? string extends Processors[number]['name']
    ? AnyProcessor
    : Extract<Processors[number], { readonly name: Target }>
  : Target
