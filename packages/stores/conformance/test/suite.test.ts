import { memoryStore } from '@longhaul/core'
import { fakeClock } from '@longhaul/core/testing'
import { expect, test } from 'vitest'
import { type ConformanceOptions, storeConformance } from '../src/index.js'

const known = 'adds all jobs or none'

test('declares a test for every promise, with its topic in front where nothing groups them', () => {
  const { names } = collect({})
  expect(names).toContain(`insert: ${known}`)
  expect(names.length).toBeGreaterThan(400)
})

test('leaves the topic to `describe` where there is one', () => {
  const topics: string[] = []
  const { names } = collect({
    describe(topic, body) {
      topics.push(topic)
      body()
    },
  })
  expect(names).toContain(known)
  expect(topics).toContain('stale writers')
  expect(new Set(topics).size).toBe(topics.length)
})

test('leaves out what the store does not say it can do', () => {
  const stored = 'transactions: stores jobs when the transaction of their insert commits'
  expect(collect({}).names).not.toContain(stored)
  expect(collect({ can: ['transactions'] }).names).toContain(stored)
})

test('skips a promise, and shows the reason', () => {
  const { names, skipped } = collect({ skip: [{ promise: known, reason: 'no transactions' }] })
  expect(names).not.toContain(`insert: ${known}`)
  expect(skipped).toEqual([`insert: ${known} (no transactions)`])
})

test('fails a skip that names no promise', async () => {
  const stale = 'each skip names a promise of the suite'
  await collect({ skip: [{ promise: known, reason: 'r' }] }).run(stale)
  const { run } = collect({ skip: [{ promise: 'was renamed', reason: 'r' }] })
  await expect(run(stale)).rejects.toThrow('was renamed')
})

test('tells which part of the setup is missing', async () => {
  const { run } = collect({ can: ['share'] })
  const share = 'two stores on the same data: shows one what the other inserted'
  await expect(run(share)).rejects.toThrow('`another()`')
})

test('closes the store and cleans up, also when a proof fails', async () => {
  const done: string[] = []
  const broken = {
    ...memoryStore(),
    insert: () => Promise.reject(new Error('disk full')),
    close: async () => void done.push('closed'),
  }
  const cleanup = () => void done.push('cleaned')
  const { run } = collect({ setup: () => ({ store: broken, advance() {}, cleanup }) })
  await expect(run(`insert: ${known}`)).rejects.toThrow('disk full')
  expect(done).toEqual(['closed', 'cleaned'])
})

/** Declares the suite on a runner that only remembers what it was given. */
function collect(options: Partial<ConformanceOptions>) {
  const bodies = new Map<string, () => Promise<void>>()
  const skipped: string[] = []
  const collecting = (name: string, body: () => Promise<void>) => void bodies.set(name, body)
  storeConformance({
    test: Object.assign(collecting, { skip: (name: string) => skipped.push(name) }),
    setup,
    ...options,
  })
  return { names: [...bodies.keys()], skipped, run: async (name: string) => bodies.get(name)?.() }
}

function setup() {
  const clock = fakeClock()
  return { store: memoryStore({ clock }), advance: clock.advance }
}
