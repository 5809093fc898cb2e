import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Store } from '@longhaul/core/store'
import { assertBetween, assertHas, nowOf } from '../builders.js'
import { topic } from '../topic.js'

export const cellPromises = topic('cells', promise => {
  promise('has version 0 and no value before the first swap', async ({ store }) => {
    assertHas(await store.cell('c'), { value: null, version: 0 })
  })

  promise('grows by one version at each swap', async ({ store }) => {
    for (const version of [0, 1, 2]) {
      const cell = await swap(store, version, `v${version}`)
      assertHas(cell, { value: `v${version}`, version: version + 1 })
      assertHas(await store.cell('c'), { value: `v${version}`, version: version + 1 })
    }
  })

  promise('refuses a version that is not the newest, and changes nothing', async ({ store }) => {
    await swap(store, 0, 'one')
    await swap(store, 1, 'two')
    for (const version of [0, 1, 3]) assert.equal(await swap(store, version, 'late'), undefined)
    assertHas(await store.cell('c'), { value: 'two', version: 2 })
  })

  promise('refuses a version above 0 of a cell that was never written', async ({ store }) => {
    assert.equal(await swap(store, 1, 'v'), undefined)
    assertHas(await store.cell('c'), { value: null, version: 0 })
  })

  promise('keeps null apart from the empty string, and its version', async ({ store }) => {
    assertHas(await swap(store, 0, ''), { value: '', version: 1 })
    assertHas(await swap(store, 1, null), { value: null, version: 2 })
    assertHas(await store.cell('c'), { value: null, version: 2 })
  })

  promise('answers a repeated swap with the same cell', async ({ store }) => {
    const change = { id: 'once', version: 0, value: 'v' }
    for (let repeat = 0; repeat < 3; repeat++) {
      assertHas(await store.swap('c', change), { value: 'v', version: 1 })
    }
  })

  promise('refuses a repeated swap once another one followed', async ({ store }) => {
    const change = { id: 'once', version: 0, value: 'v' }
    await store.swap('c', change)
    await swap(store, 1, 'other')
    assert.equal(await store.swap('c', change), undefined)
    assertHas(await store.cell('c'), { value: 'other', version: 2 })
  })

  promise('keeps cells apart by name', async ({ store }) => {
    const names = ['a', 'b', '', 'A', 'a ', '__proto__', 'constructor', 'a:b']
    for (const name of names) await swap(store, 0, `of ${name}`, name)
    for (const name of names) assertHas(await store.cell(name), { value: `of ${name}`, version: 1 })
  })

  promise("shows the store's clock", async ({ store, advance }) => {
    const before = await nowOf(store)
    await advance(5_000)
    const { now } = await store.cell('c')
    assertBetween(now, before + 5_000, before + 10_000)
    const cell = await swap(store, 0, 'v')
    assertBetween(cell?.now ?? 0, now, now + 5_000)
  })

  promise('lets one of many win who swap the same version', async bench => {
    const stores = [bench.store, await bench.another()]
    const swaps = Array.from({ length: 16 }, (_, index) =>
      swap(stores[index % 2] ?? bench.store, 0, `${index}`),
    )
    const won = (await Promise.all(swaps)).filter(cell => cell !== undefined)
    assert.equal(won.length, 1)
    assertHas(await bench.store.cell('c'), { value: won[0]?.value ?? null, version: 1 })
  })

  promise('loses no count when many add to a cell', async bench => {
    const stores = [bench.store, await bench.another()]
    await Promise.all(Array.from({ length: 6 }, (_, index) => addTen(stores[index % 2] ?? bench.store)))
    assertHas(await bench.store.cell('c'), { value: '60', version: 60 })
  })
})

function swap(store: Store, version: number, value: string | null, name = 'c') {
  return store.swap(name, { id: randomUUID(), version, value })
}

async function addTen(store: Store) {
  for (let added = 0; added < 10; ) {
    const { value, version } = await store.cell('c')
    if (await swap(store, version, `${Number(value) + 1}`)) added++
  }
}
