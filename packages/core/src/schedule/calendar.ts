/** The slots of a schedule: the same for everyone who asks. Instants are epoch milliseconds. */
export interface Calendar {
  /** The first slot behind an instant; `null` when none is to come. */
  after(instant: number): number | null
  /** The newest `most` slots behind `from` and up to `to`, in their order. */
  between(from: number, to: number, most: number): readonly number[]
}
