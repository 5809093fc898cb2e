/** Where bytes go: `up` to the server, `down` to the client. */
export type Way = 'up' | 'down'

/** What is wrong with one way of a connection. */
export interface Faults {
  /** How long bytes are under way, in milliseconds. Their order is kept. */
  readonly delayMs?: number
  /** The most that chance adds to `delayMs`. */
  readonly jitterMs?: number
  /** A black hole: nothing arrives, and no one is told. After healing, what was sent meanwhile arrives. */
  readonly drop?: boolean
  /** A trickle: so many bytes at a time, with a pause after each. */
  readonly drip?: { readonly bytes: number; readonly everyMs: number }
  /** After so many more bytes the connection is cut: the receiver sees it end, the sender is reset. */
  readonly cutAfterBytes?: number
  /** Cuts the connection when these bytes come by, which do not arrive. They must be sent in one piece. */
  readonly cutBefore?: string
  /** The same, but they arrive, and only the answer is lost. */
  readonly cutBehind?: string
}
