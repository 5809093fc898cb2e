import { secretNames } from './names.js'
import { checkRedactOptions, type RedactOptions } from './options.js'
import { maskShapes } from './shapes.js'
import { redactText } from './text.js'
import { redactValue } from './value.js'

export type { RedactOptions } from './options.js'

/** Replaces secrets by `[redacted]`. Doing it twice changes nothing more. */
export interface Redactor {
  /** Values behind a secret name (`password=…`, `"apiKey": "…"`, `Cookie: …`), and what looks like a secret. */
  text(text: string): string
  /** What looks like a secret, and no values behind names: for what is an identifier. */
  id(text: string): string
  /**
   * A copy without secrets: in texts, under secret names, up to 8 levels deep. Errors stay errors of their class; an
   * object of another class comes as its name. A value without secrets comes back as it is. Never throws.
   */
  value<Value>(value: Value): Value
}

/**
 * Knows names as password, token, secret, authorization, API key, cookie; private keys, bearer tokens, JSON web tokens,
 * the keys of common services, and URLs with credentials.
 *
 * @throws {OptionsError} when an option is out of range.
 */
export function createRedactor(options: RedactOptions = {}): Redactor {
  checkRedactOptions(options)
  const names = secretNames(options.keys)
  const patterns = (options.patterns ?? []).map(toGlobal)
  const text = (dirty: string) => redactText(dirty, { names: names.pattern, patterns })
  return { text, id: dirty => maskShapes(dirty, patterns), value: value => tried(value, { names, text }) }
}

/** Changes nothing. */
export const noRedaction: Redactor = { text: text => text, id: text => text, value: value => value }

function tried<Value>(value: Value, rules: Parameters<typeof redactValue>[1]): Value {
  try {
    return redactValue(value, rules)
  } catch {
    return new Error('Something that can not be read') as Value
  }
}

function toGlobal({ source, flags }: RegExp): RegExp {
  return new RegExp(source, flags.replace(/[gy]/g, '').concat('g'))
}
