/** What the producer of a job decided, and only the core has to know. Stored as JSON. */
export interface Note {
  /** Counts from the insert. */
  readonly deadlineMs?: number
  /** What started it. */
  readonly trigger?: string
}

/** `null` when there is nothing to note. */
export function writeNote({ deadlineMs, trigger }: Note): string | null {
  const isEmpty = deadlineMs === undefined && trigger === undefined
  return isEmpty ? null : JSON.stringify({ deadlineMs, trigger })
}

/** One that another version wrote may say more, and one that is no note says nothing. */
export function readNote(stored: string | null): Note {
  if (stored === null) return {}
  try {
    return (JSON.parse(stored) ?? {}) as Note
  } catch {
    return {}
  }
}
