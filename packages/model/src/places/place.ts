import type { Store } from '@longhaul/core/store'

/** A store that holds nothing yet, with a clock that stands where the test sets it. */
export interface Place {
  readonly store: Store
  setClock(now: number): Promise<void> | void
  /** Closes the store, and takes away what it kept. */
  remove(): Promise<void> | void
}

/** Where places of one kind are made, one after the other. */
export interface Ground {
  place(): Promise<Place> | Place
  remove(): Promise<void> | void
}
