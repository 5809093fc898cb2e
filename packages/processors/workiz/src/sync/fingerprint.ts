import { createHash } from 'node:crypto'
import type { WorkizJob } from '../client/types.js'

/** The same for two jobs with the same content, in whatever order their fields come. SHA-256, hexadecimal. */
export function fingerprint(job: WorkizJob): string {
  return createHash('sha256').update(JSON.stringify(job, sortKeys)).digest('hex')
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
