import { OptionsError } from '../errors.js'

/** What is secret in your app, beside what looks like a secret anywhere. */
export interface RedactOptions {
  /** More names whose values are secret, compared whole; case, "-" and "_" do not matter. At most 100. */
  readonly keys?: readonly string[]
  /** More shapes of secrets. They run over every log line and error, so they must not backtrack. At most 100. */
  readonly patterns?: readonly RegExp[]
}

const most = 100

/** @throws {OptionsError} */
export function checkRedactOptions({ keys = [], patterns = [] }: RedactOptions): void {
  if (keys.length > most) throw new OptionsError('redact.keys', `at most ${most}`)
  if (patterns.length > most) throw new OptionsError('redact.patterns', `at most ${most}`)
  for (const key of keys) {
    if (typeof key !== 'string' || !/[a-z0-9]/i.test(key) || key.length > 100)
      throw new OptionsError('redact.keys', 'must hold names of 1 to 100 characters, with a letter or digit')
  }
  for (const pattern of patterns) {
    if (!(pattern instanceof RegExp))
      throw new OptionsError('redact.patterns', 'must hold regular expressions')
  }
}
