/** When the jobs of a schedule are due: by a cron pattern, every so often, or once. */
export type When = ByCron | Every | Once

/** At the times that a pattern names. */
export interface ByCron {
  /**
   * Five fields: minute, hour, day of the month, month, day of the week; or six, with seconds before them. Names
   * (`MON`, `JAN`), `L`, `W`, `#`, and `@daily` and its like, are read too.
   *
   * Hours that begin with `*` follow real time. All others name local times, each of which runs once a day: one that
   * the clock skips at the next instant that exists, one that comes twice at the first.
   */
  readonly cron: string
  /** An IANA name, as `Europe/Berlin`. @defaultValue 'UTC' */
  readonly timeZone?: string
  readonly everyMs?: never
  readonly at?: never
}

/** At equal distances of real time. */
export interface Every {
  /** From 1_000 to 31_536_000_000, a year. Counted from 1970-01-01T00:00:00Z: every 15 minutes is at :00, :15, … */
  readonly everyMs: number
  readonly cron?: never
  readonly timeZone?: never
  readonly at?: never
}

/** At one instant. */
export interface Once {
  /** A Date, or an ISO 8601 string with its offset. */
  readonly at: Date | string
  readonly cron?: never
  readonly timeZone?: never
  readonly everyMs?: never
}
