import { createRunner, type InputOf, memoryStore, type OutputOf } from '@longhaul/core'
import { expectTypeOf, test } from 'vitest'
import { memoryWorkizStore, type WorkizResult, type WorkizSyncRequest, workizSync } from '../src/index.js'

const ports = { store: memoryWorkizStore(), credentials: () => ({ apiToken: 'api_fake' }) }

test('a sync is enqueued by its name, with an account, and gives a result', () => {
  const sync = workizSync({}, ports)
  expectTypeOf(sync.name).toEqualTypeOf<'workiz.sync'>()
  expectTypeOf<InputOf<typeof sync>>().toEqualTypeOf<WorkizSyncRequest>()
  expectTypeOf<OutputOf<typeof sync>>().toEqualTypeOf<WorkizResult>()
})

test('two syncs with other names share a runner', () => {
  const hourly = workizSync({ name: 'workiz.listing' }, ports)
  const nightly = workizSync({ name: 'workiz.refresh', mode: 'refresh' }, ports)
  const runner = createRunner({ processors: [hourly, nightly], store: memoryStore() })

  expectTypeOf(runner.enqueue<'workiz.refresh'>)
    .parameter(1)
    .toEqualTypeOf<WorkizSyncRequest>()
  // @ts-expect-error there is no such processor
  void (() => runner.enqueue('workiz.other', { accountId: 'A' }))
})

test('neither account nor credentials may be left out', () => {
  const sync = workizSync({}, ports)
  const runner = createRunner({ processors: [sync], store: memoryStore() })
  // @ts-expect-error no account
  void (() => runner.enqueue(sync, {}))
  // @ts-expect-error no credentials
  void (() => workizSync({}, { store: memoryWorkizStore() }))
})
