import type { ErrorRecord, ItemView, JobDetails, JobView } from '@longhaul/core'

/** What stays inside unless it is asked for: what jobs were given, with the items they walk, and where errors came from. */
export type Hidden = 'input' | 'stack'

export type Shown = readonly Hidden[]

/** A job as it leaves the app. `output` is there once a job of the single view has completed. */
export type ShownJob = JobView & Partial<Pick<JobDetails, 'input' | 'output'>>

export function shownJob(job: JobView | JobDetails, shown: Shown): ShownJob {
  const { input, ...rest } = job as JobDetails
  const errors = rest.errors && {
    first: shownError(rest.errors.first, shown),
    last: shownError(rest.errors.last, shown),
  }
  return { ...rest, errors, ...(shown.includes('input') && input !== undefined ? { input } : {}) }
}

function shownError(error: ErrorRecord, shown: Shown): ErrorRecord {
  return shown.includes('stack') ? error : { ...error, stack: null }
}

export function shownItem(view: ItemView, shown: Shown): Omit<ItemView, 'item'> & { item?: unknown } {
  const { item, ...rest } = view
  return shown.includes('input') ? { ...rest, item } : rest
}

/** Only the named members, and always the id. */
export function only<View extends { readonly id: string }>(
  view: View,
  fields: readonly string[] | undefined,
): Partial<View> {
  if (!fields) return view
  const wanted = Object.entries(view).filter(([name]) => name === 'id' || fields.includes(name))
  return Object.fromEntries(wanted) as Partial<View>
}
