import type { Run } from './run.js'

/** Sealed twice, a text is never the same. */
const anySealed = /lh1:[^"\\]*/g
const anyId = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** All that happened in a run, one line each, with ids by the order in which they first came up. */
export function traceOf({ events, jobs }: Run): readonly string[] {
  const seen = new Map<string, string>()
  const numbered = (id: string) => {
    const name = seen.get(id) ?? `#${seen.size + 1}`
    seen.set(id, name)
    return name
  }
  return [...events, ...jobs].map(each =>
    JSON.stringify(each).replace(anySealed, 'sealed').replace(anyId, numbered),
  )
}
