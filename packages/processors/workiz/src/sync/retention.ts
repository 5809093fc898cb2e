/** Whether a job is older than it may become. One whose date is unknown never is. */
export function isExpired(jobDateTime: string | null, retentionMs: number | null, nowMs: number): boolean {
  return retentionMs !== null && jobDateTime !== null && Date.parse(jobDateTime) < nowMs - retentionMs
}
