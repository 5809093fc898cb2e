import { createHash } from 'node:crypto'

/** Where the tables are, and what else is called after them. */
export interface Names {
  /**
   * Puts the real names into a text: `{jobs}` is a table or a function, `[jobs_due]` the bare name of an index, and
   * `{quote}` begins and ends a body: no name can contain what is made of it.
   */
  into(text: string): string
  /** The key of an advisory lock. */
  lock(purpose: string): string
  /** Where NOTIFY goes. */
  readonly channel: string
}

export interface Place {
  readonly schema: string
  readonly tablePrefix: string
}

export function namesIn({ schema, tablePrefix }: Place): Names {
  const channel = `longhaul_${digest([schema, tablePrefix]).toString('hex', 0, 12)}`
  const known: Record<string, string> = { '{schema}': quoted(schema), '{quote}': `$${channel}$` }
  const table = (name: string) => `${quoted(schema)}.${quoted(tablePrefix + name)}`

  return {
    into: text =>
      text.replace(/\{(\w+)\}|\[([a-z]\w*)\]/g, (mark, name: string, bare: string) =>
        bare ? quoted(tablePrefix + bare) : (known[mark] ?? table(name)),
      ),
    lock: purpose =>
      digest([schema, purpose === 'schema' ? '' : tablePrefix, purpose])
        .readBigInt64BE()
        .toString(),
    channel,
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function digest(parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}
