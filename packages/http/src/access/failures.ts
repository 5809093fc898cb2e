/** How many wrong tries one client has in a span of time. */
export interface FailureLimit {
  /** At least 1. @defaultValue 20 */
  readonly limit?: number
  /** @defaultValue 60_000 */
  readonly windowMs?: number
}

interface Tries {
  count: number
  readonly until: number
}

const mostClients = 10_000

/** Counts failed authorization per client, in this process. Bounded: of very many clients the oldest are forgotten. */
export function createFailures({ limit = 20, windowMs = 60_000 }: FailureLimit, now: () => number) {
  const clients = new Map<string, Tries>()

  function triesOf(client: string): Tries | undefined {
    const tries = clients.get(client)
    return tries && tries.until > now() ? tries : undefined
  }

  return {
    add(client: string): void {
      const tries = triesOf(client)
      if (tries) tries.count += 1
      else {
        clients.delete(client)
        clients.set(client, { count: 1, until: now() + windowMs })
      }
      const oldest = clients.keys().next().value
      if (clients.size > mostClients && oldest !== undefined) clients.delete(oldest)
    },

    /** How long until this client may try again; 0 for now. */
    waitMs(client: string): number {
      const tries = triesOf(client)
      return tries && tries.count >= limit ? tries.until - now() : 0
    },
  }
}

export type Failures = ReturnType<typeof createFailures>
