import { z } from 'zod'
import type { WorkizSyncInput } from './sync.js'

/** Which account to sync. */
export interface WorkizSyncRequest {
  /** From 1 to 90 characters. */
  readonly accountId: string
  /** Tells your customers apart, where account ids may be the same. @defaultValue 'default' */
  readonly tenantId?: string | undefined
}

/** Room for both in the name of a gate. */
const name = z.string().min(1).max(90)

export const syncRequest: z.ZodType<WorkizSyncInput, WorkizSyncRequest> = z.object({
  accountId: name,
  tenantId: name.default('default'),
})
