/** One member of a structured field: `"burst";q=100;w=60` has a name and two parameters. */
export interface FieldItem {
  /** Every part that is no parameter, without quotes. Mostly one. */
  readonly names: readonly string[]
  readonly parameters: ReadonlyMap<string, string>
}

/** Servers have few policies; whatever is longer is not looked at. */
const mostCharacters = 2_000

/**
 * The members of a list of items, or of a dictionary as one item (RFC 9651). Lenient: what servers send is close to
 * that, and what can't be read is left out.
 */
export function fieldItems(value: string | undefined): FieldItem[] {
  if (!value || value.length > mostCharacters) return []
  return split(value, ',').map(toItem)
}

function toItem(text: string): FieldItem {
  const parts = split(text, ';')
  const parameters = parts.filter(part => /^[a-z*][\w.*-]*=/i.test(part)).map(toParameter)
  const names = parts.filter(part => !/^[a-z*][\w.*-]*=/i.test(part)).map(unquoted)
  return { names, parameters: new Map(parameters) }
}

function toParameter(part: string): [name: string, value: string] {
  const end = part.indexOf('=')
  return [part.slice(0, end).trim().toLowerCase(), unquoted(part.slice(end + 1).trim())]
}

/** At separators outside of quotes, trimmed, without empty parts. */
function split(text: string, separator: ',' | ';'): string[] {
  const part = separator === ',' ? /(?:"(?:[^"\\]|\\.)*"|[^",])+/g : /(?:"(?:[^"\\]|\\.)*"|[^";])+/g
  return (text.match(part) ?? []).map(found => found.trim()).filter(found => found !== '')
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text
}
