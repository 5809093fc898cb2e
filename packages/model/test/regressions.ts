import type { Command } from '../src/commands/index.js'

/** What once led two stores apart, as small as it got. */
export const regressions: Readonly<Record<string, readonly Command[]>> = {}
