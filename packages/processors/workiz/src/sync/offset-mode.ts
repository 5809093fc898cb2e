import type { WorkizJob } from '../client/types.js'

/** What `offset` of a list counts. */
export type OffsetMode = 'record' | 'page'

/** How many records to ask for when probing: half a page, so that both answers lie on it, far apart. */
export function probeSize(firstPageLength: number): number {
  return Math.max(2, Math.floor(firstPageLength / 2))
}

/**
 * Where the list from offset 1 begins on the first page: near 1 if offset counts records, near `size` if it counts
 * pages of that size. Near, because jobs may have come or gone between the two requests.
 */
export function offsetModeOf(
  first: readonly WorkizJob[],
  probed: WorkizJob | undefined,
  size: number,
): OffsetMode | 'unknown' {
  const start = first.findIndex(({ UUID }) => UUID === probed?.UUID)
  if (start < 0) return 'unknown'
  return Math.abs(start - 1) < Math.abs(start - size) ? 'record' : 'page'
}

/** The offset of the next page. An `'unknown'` mode is taken as documented: it counts records. */
export function nextOffset(mode: OffsetMode | 'unknown', offset: number, listed: number): number {
  return offset + (mode === 'page' ? 1 : listed)
}
