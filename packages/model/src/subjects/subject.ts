import type { Store } from '@longhaul/core/store'

/** A store to compare with others, open and empty. */
export interface Subject {
  readonly store: Store
  /** Its clock stands still between two calls of this. */
  setNow(ms: number): Promise<void> | void
  close(): Promise<void>
}

/** Where the subjects of one kind come from. */
export interface Source {
  fresh(): Promise<Subject>
  end(): Promise<void> | void
}
