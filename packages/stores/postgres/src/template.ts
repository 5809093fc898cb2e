import type { Names } from './names.js'

/** A statement, cut at its values. */
export interface Template {
  /** With `$1`, `$2` and so on. */
  readonly text: string
  /** Which value each number stands for. */
  readonly order: readonly string[]
  /** With the values written into it. */
  withValues(literal: (name: string) => string): string
}

/** There are few statements; those which depend on what a call brings are not kept for ever. */
const mostKept = 500

/**
 * Puts names and clock into statements, once for each. In a text, `{jobs}` stands for the table `jobs`, `{now}` for
 * the store's clock, and `@name` for a value.
 */
export function templatesOf(names: Names, now: string): (text: string) => Template {
  const kept = new Map<string, Template>()

  return text => {
    const known = kept.get(text)
    if (known) return known
    const template = templateOf(text, part => names.into(part.replaceAll('{now}', now)))
    if (kept.size >= mostKept) kept.clear()
    kept.set(text, template)
    return template
  }
}

function templateOf(text: string, named: (part: string) => string): Template {
  const parts = text.split(/@(\w+)/).map((part, index) => (index % 2 ? part : named(part)))
  const order = [...new Set(parts.filter((_, index) => index % 2))]
  const withValues = (shown: (name: string) => string) =>
    parts.map((part, index) => (index % 2 ? shown(part) : part)).join('')
  return { text: withValues(name => `$${order.indexOf(name) + 1}`), order, withValues }
}
