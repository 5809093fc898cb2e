export interface DeleteGuard {
  /** The largest share of the scanned rows that one run may delete, from 0 to 1. @defaultValue 0.2 */
  readonly maxDeleteRatio: number
  /** Below this many scanned rows nothing is withheld. @defaultValue 20 */
  readonly minRows: number
}

/** Whether a run wants to delete so much that the answers it got are more likely wrong than right. */
export function isMassDelete(
  candidates: number,
  scanned: number,
  { maxDeleteRatio, minRows }: DeleteGuard,
): boolean {
  return scanned >= minRows && candidates > scanned * maxDeleteRatio
}
