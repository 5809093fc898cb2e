import type { WorkizJob } from './client/types.js'
import {
  countOutcomes,
  distinct,
  type UpsertTrace,
  upsertOutcome,
  type WorkizRow,
  type WorkizStore,
} from './store.js'

interface Row extends WorkizRow, UpsertTrace {
  readonly job: WorkizJob
}

export interface MemoryWorkizStore extends WorkizStore {
  jobs(tenant: string, account: string): readonly WorkizJob[]
}

/** Keeps rows in this process, for tests and first steps. */
export function memoryWorkizStore(): MemoryWorkizStore {
  const accounts = new Map<string, Map<string, Row>>()

  function rowsOf(tenant: string, account: string): Map<string, Row> {
    const key = JSON.stringify([tenant, account])
    const rows = accounts.get(key) ?? new Map<string, Row>()
    accounts.set(key, rows)
    return rows
  }

  return {
    async scan(tenant, account, after, limit) {
      const behind = [...rowsOf(tenant, account).values()].filter(
        ({ uuid }) => after === null || uuid > after,
      )
      return behind.sort(byUuid).slice(0, limit).map(withoutJob)
    },

    count: async (tenant, account) => rowsOf(tenant, account).size,

    async upsertMany(tenant, account, entries, { fetchedAt, run }) {
      const rows = rowsOf(tenant, account)
      const changed = distinct(entries).map(entry => {
        const outcome = upsertOutcome(rows.get(entry.uuid), entry.hash, { run })
        return { ...entry, fetchedAt, run: run ?? null, outcome }
      })
      for (const row of changed) rows.set(row.uuid, row)
      return countOutcomes(changed.map(({ outcome }) => outcome))
    },

    async deleteMany(tenant, account, uuids) {
      const rows = rowsOf(tenant, account)
      return uuids.filter(uuid => rows.delete(uuid)).length
    },

    jobs: (tenant, account) => [...rowsOf(tenant, account).values()].sort(byUuid).map(({ job }) => job),
  }
}

function byUuid(a: { uuid: string }, b: { uuid: string }): number {
  return a.uuid < b.uuid ? -1 : 1
}

function withoutJob({ uuid, hash, jobDateTime, fetchedAt }: Row): WorkizRow {
  return { uuid, hash, jobDateTime, fetchedAt }
}
