import { maskNamed } from './named.js'
import { maskShapes } from './shapes.js'

/** What is known of secrets. */
export interface TextRules {
  readonly names: RegExp
  readonly patterns: readonly RegExp[]
}

const mostPasses = 4

/** A mask can bring out what stood behind it, so this goes on until nothing more is found. */
export function redactText(text: string, { names, patterns }: TextRules): string {
  let before = text
  for (let pass = 0; pass < mostPasses; pass++) {
    const after = maskNamed(maskShapes(before, patterns), names)
    if (after === before) break
    before = after
  }
  return before
}
