import assert from 'node:assert/strict'
import { type Ability, type Subject, withBench } from './bench.js'
import type { StorePromise } from './topic.js'
import { everyPromise } from './topics/index.js'

/** `test` of vitest, jest or node:test, or anything that keeps the body and runs it later. */
export interface TestFunction {
  (name: string, body: () => Promise<void>): unknown
  readonly skip?: (name: string, body: () => Promise<void>) => unknown
}

export interface ConformanceOptions {
  readonly test: TestFunction
  /** Groups the tests by topic. Without it, the topic stands before each name. */
  readonly describe?: (name: string, body: () => void) => unknown
  /** Called once for each promise. */
  readonly setup: () => Promise<Subject> | Subject
  /** @defaultValue nothing: what every store must do is always proven */
  readonly can?: readonly Ability[]
  /** Promises that the store is known to break. One that names no promise fails. */
  readonly skip?: readonly Skip[]
}

export interface Skip {
  /** The sentence, without its topic. */
  readonly promise: string
  /** Shown with the skipped test. */
  readonly reason: string
}

/** Declares a test for every promise of the store contract. Each one gets a fresh store from `setup`. */
export function storeConformance(options: ConformanceOptions): void {
  const { test, can = [], skip = [], describe } = options
  const promises = everyPromise.filter(({ needs }) => !needs || can.includes(needs))

  for (const [topic, members] of byTopic(promises)) {
    if (describe) describe(topic, () => declareAll(members, '', options))
    else declareAll(members, `${topic}: `, options)
  }
  test('each skip names a promise of the suite', async () => assert.deepEqual(staleSkips(skip), []))
}

function declareAll(promises: readonly StorePromise[], prefix: string, options: ConformanceOptions) {
  for (const promise of promises) declare(promise, prefix, options)
}

function declare(promise: StorePromise, prefix: string, options: ConformanceOptions) {
  const { test, setup, can = [], skip = [] } = options
  const name = prefix + promise.name
  const body = () => withBench(setup, can, promise.proof)
  const skipped = skip.find(({ promise: sentence }) => sentence === promise.name)
  if (skipped) test.skip?.(`${name} (${skipped.reason})`, body)
  else test(name, body)
}

function byTopic(promises: readonly StorePromise[]) {
  const topics = new Map<string, StorePromise[]>()
  for (const promise of promises) topics.set(promise.topic, [...(topics.get(promise.topic) ?? []), promise])
  return topics
}

function staleSkips(skip: readonly Skip[]) {
  const names = new Set(everyPromise.map(({ name }) => name))
  return skip.map(({ promise }) => promise).filter(sentence => !names.has(sentence))
}
