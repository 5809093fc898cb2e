/** What the producer of a job decided, and only the core has to know. Stored as JSON. */
export interface Note {
  /** Counts from the insert. */
  readonly deadlineMs?: number | undefined
  /** What started it. */
  readonly trigger?: string | undefined
  readonly trace?: Trace | undefined
}

/** Where in a distributed trace a job was enqueued, as the two headers of W3C Trace Context say it. */
export interface Trace {
  readonly traceparent: string
  readonly tracestate?: string | undefined
}

/** `null` when there is nothing to note. */
export function writeNote({ deadlineMs, trigger, trace }: Note): string | null {
  const isEmpty = deadlineMs === undefined && trigger === undefined && trace === undefined
  return isEmpty ? null : JSON.stringify({ deadlineMs, trigger, trace })
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
