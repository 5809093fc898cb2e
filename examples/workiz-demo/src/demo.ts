import { createRunner, type Runner, type Store } from '@longhaul/core'
import { sqliteStore } from '@longhaul/sqlite'
import type { WorkizFake } from '@longhaul/workiz/fake'
import { type AppDatabase, account, openAppDatabase } from './app-database.js'
import { type CallLedger, openCallLedger } from './call-ledger.js'
import { crmData } from './crm-data.js'
import { openDatabase, removeDatabase } from './database.js'
import { fakeApi } from './fake-api.js'
import { type Folder, openFolder } from './folder.js'
import type { Options } from './options.js'
import { type Plan, planFor } from './resume.js'
import { crmRefresh } from './sync.js'

/** All that a run needs, open and ready. */
export interface Demo {
  readonly plan: Plan
  readonly app: AppDatabase
  readonly calls: CallLedger
  readonly runner: Runner
  readonly jobId: string
  close(): Promise<void>
}

/** Short, so that a killed run is soon taken over. */
export const leaseMs = 4_000
const key = 'crm-refresh'

/** @throws {Problem} */
export async function openDemo(options: Options): Promise<Demo> {
  const folder = openFolder(options.data)
  const app = openAppDatabase(folder.app)
  const calls = openCallLedger(folder.calls)
  const plan = planFor(options, await lastJob(folder), app.begunWith)
  const workiz = fakeApi(crmData(plan.records), options.apiToken)
  if (plan.kind === 'anew') {
    removeDatabase(folder.jobs)
    calls.clear()
    await app.fill(workiz.local)
  }
  return { plan, app, calls, ...(await openRunner(folder, app, calls, workiz)) }
}

async function openRunner(folder: Folder, app: AppDatabase, { fetch }: CallLedger, workiz: WorkizFake) {
  const jobs = openDatabase(folder.jobs)
  const api = await workiz.listen()
  const credentials = () => ({ apiToken: workiz.token })
  const refresh = crmRefresh(api.url, { store: app.store, credentials, fetch })
  const runner = createRunner({ store: jobStore(jobs), processors: [refresh], leaseMs, pollMs: 100 })
  const { id: jobId } = await runner.enqueue(refresh, account, { key })
  await runner.resume(jobId)

  async function close() {
    await runner.close()
    await api.close()
    jobs.close()
    app.close()
  }
  return { runner, jobId, close }
}

/** A run is one job. With its key, to enqueue it again finds it again. */
async function lastJob({ jobs }: Folder) {
  const database = openDatabase(jobs)
  const reader = createRunner({ store: jobStore(database), processors: [] })
  const { jobs: found } = await reader.list({ key }, { limit: 1 })
  await reader.close()
  database.close()
  return found[0]
}

function jobStore(database: ReturnType<typeof openDatabase>): Store {
  return sqliteStore(database, { synchronous: 'normal', onWarning() {} })
}
