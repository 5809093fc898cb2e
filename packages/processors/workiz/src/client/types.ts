/** Any record of the API. Accounts add fields of their own, and they are kept. */
export type WorkizRecord = Readonly<Record<string, unknown>>

/**
 * A customer's work order. Dates are `YYYY-MM-DD HH:MM:SS` in the account's time, without an offset. What the
 * API is known to vary (`Unit` text or number, `Comments` text or list, absent costs) has no type here.
 */
export interface WorkizJob extends WorkizRecord {
  readonly UUID: string
  readonly SerialId?: number
  readonly Status?: string
  readonly SubStatus?: string
  readonly JobDateTime?: string
  readonly JobEndDateTime?: string
  readonly CreatedDate?: string
  readonly LastStatusUpdate?: string
  /** IANA name, such as `US/Pacific`. Often absent. */
  readonly Timezone?: string
  readonly JobTotalPrice?: number
  readonly JobAmountDue?: number
  readonly SubTotal?: number
  readonly ClientId?: number
  readonly JobSource?: string
}

export interface ListQuery {
  /** `yyyy-MM-dd` in account time. Without it Workiz lists the last 14 days. */
  readonly startDate?: string
  /** A number of records, or of pages: what it counts is told by {@link WorkizClient.probeOffset}. @defaultValue 0 */
  readonly offset?: number
  /** From 1 to 100. @defaultValue 100 */
  readonly records?: number
  /** Hides Done and Canceled. @defaultValue false */
  readonly onlyOpen?: boolean
  /** @defaultValue all */
  readonly statuses?: readonly string[]
}

export interface RecordPage {
  readonly records: readonly WorkizRecord[]
  readonly hasMore: boolean
  /** How many match in all, when Workiz says so. */
  readonly found?: number
}

export interface JobPage {
  readonly jobs: readonly WorkizJob[]
  readonly hasMore: boolean
  readonly found?: number
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}
