import type { JobSpec } from '../store/index.js'

/** What names a job, and says where it belongs. */
export type Named = Pick<JobSpec, 'id' | 'processor' | 'queue' | 'key' | 'tenant' | 'correlationId' | 'group'>

export function named({ id, processor, queue, key, tenant, correlationId, group }: Named): Named {
  return { id, processor, queue, key, tenant, correlationId, group }
}
