import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Script } from '../src/scripts/script.js'
import { keyNames } from '../src/scripts/script.js'
import { aJob, aStore, noServer, upTo } from './support.js'

const scripts = await allScripts()

describe('a script', () => {
  test('is found for each method', () => {
    expect(scripts.map(({ name }) => name).sort()).toEqual(
      ['cell', 'claim', 'commit', 'get', 'insert', 'items', 'list', 'logs', 'move', 'prune', 'request']
        .concat(['residents', 'resolve', 'schema', 'sum', 'swap', 'sweep', 'tally'])
        .sort(),
    )
  })

  const pieces = scripts.map(script => [script.name, withoutHeader(script), script] as const)

  test.each(pieces)('%s touches only keys that it declares', (_, lua, { keys }) => {
    const used = [...lua.matchAll(/\bat\.(\w+)/g)].map(([, key]) => key)
    expect(new Set(used)).toEqual(new Set(keys))
    expect(keys.filter(key => !keyNames.includes(key))).toEqual([])
  })

  test.each(pieces)('%s makes no key of its own', (_, lua) => {
    expect(lua).not.toMatch(/KEYS|\bat\s*\[|\bat\.\w+\s*\.\./)
    const commands = [...lua.matchAll(/redis\.call\(([^,)]+)(?:,\s*([^,)]+))?/g)]
    const firsts = commands.map(([, , first]) => first).filter(first => first !== undefined)
    expect(firsts.filter(first => !/^(at\.\w+|key|list\.key)$/.test(first))).toEqual([])
  })

  test.each(pieces)('%s sets no time to live: live state must not vanish', (_, lua) => {
    expect(lua).not.toMatch(/EXPIRE|PEXPIRE|SETEX|'EX'|'PX'/i)
  })

  test.each(pieces)('%s takes no payload apart', (_, lua) => {
    expect(lua).not.toMatch(/cjson|cmsgpack|struct\./)
  })
})

describe.skipIf(noServer)('on the server', () => {
  let subject: Awaited<ReturnType<typeof aStore>>
  beforeEach(async () => {
    subject = await aStore()
  })
  afterEach(() => subject.cleanup())

  test('forgotten scripts are sent again, whatever is called', async () => {
    const { client, store } = subject
    const flushed = async <Result>(call: () => Promise<Result>) => {
      await client.script('FLUSH')
      return call()
    }
    await flushed(() => store.open())
    await flushed(() => store.insert([aJob({ id: 'a' })]))
    const [job] = await flushed(() => store.claim(upTo(1)))
    const write = { id: 'a', token: 1, seq: 1, patch: { state: 'failed' } } as const
    expect(await flushed(() => store.commit([write]))).toMatchObject([{ accepted: true }])
    expect(await flushed(() => store.request({ kind: 'retry' }, { ids: ['a'] }))).toBe(1)
    expect(await flushed(() => store.request({ kind: 'move', queue: 'q' }, { ids: ['a'] }))).toBe(1)
    expect(await flushed(() => store.get('a'))).toMatchObject({ id: job?.id, state: 'waiting' })
    expect((await flushed(() => store.list({}, { limit: 1 }))).jobs).toHaveLength(1)
    expect((await flushed(() => store.count({}))).states.waiting).toBe(1)
    expect((await flushed(() => store.count({ tag: 't' }))).states.waiting).toBe(0)
    expect((await flushed(() => store.records('a', 'logs', { limit: 1 }))).records).toEqual([])
    expect(await flushed(() => store.cell('c'))).toMatchObject({ version: 0 })
    expect(await flushed(() => store.swap('c', { id: '1', version: 0, value: 'v' }))).toMatchObject({
      version: 1,
    })
    expect(await flushed(() => store.prune({ states: ['failed'], olderThanMs: 0, limit: 1 }))).toBe(0)
  })

  test('scripts with any arguments at all change nothing when they fail', async () => {
    const { client, store, key } = subject
    await store.insert([aJob({ id: 'a', key: 'k', tags: ['t'] }), aJob({ id: 'b', lane: 'l' })])
    await store.insert([aJob({ id: 'c', group: 'g', after: { ids: ['a'], outcome: 'succeeded' } })])
    await store.claim(upTo(1))
    const dump = () => Promise.all(keyNames.map(name => client.dumpBuffer(key(name))))
    const before = await dump()

    let failures = 0
    for (const script of scripts.filter(({ name }) => name !== 'schema')) {
      for (const args of brokenArguments) {
        const keys = script.keys.map(name => key(name))
        const reply = await client.eval(script.lua, keys.length, ...keys, ...args).catch(() => 'failed')
        if (reply === 'failed') failures++
        if (reply === 'failed') expect(await dump(), `${script.name} ${args}`).toEqual(before)
      }
    }
    expect(failures).toBeGreaterThan(50)
  })
})

/** None is of any use to a script, and each fails at another place. */
const brokenArguments = [
  [],
  ['x'],
  ['1'],
  ['1', ''],
  ['2', '1:a[]', '{}', '+0000000000000000-0-0000000----', ''],
  ['1', '1:z[]', '{}', '+000000000000000x-0-0000000----', ''],
  ['1', '@0000000000000000', '-0-0000000=---', '0'.repeat(22), 'a', '1', 'z', '', 'sa'],
  ['1', '---------------0000000001', ''],
  ['2', `${'-'.repeat(74)}a`, '', 'short', ''],
  ['1', `${'-'.repeat(15)}${'0'.repeat(9)}1${'0'.repeat(15)}1c${'-'.repeat(32)}b`, '+', '1 1', 'x'],
  ['claim', '1', 'x', '1', '*', '1', '4:work'],
  ['claim', '1', '1000', '1', '*', '2', '4:work'],
  ['order', '', 'x', '1', '1', '*', '1', '*', '1', '*', '0'],
]

async function allScripts(): Promise<Script[]> {
  const folder = new URL('../src/scripts/', import.meta.url)
  const modules = await Promise.all(readdirSync(folder).map(file => import(new URL(file, folder).href)))
  return modules
    .flatMap(module => Object.values(module as Record<string, unknown>))
    .flatMap(value => (isScripts(value) ? Object.values(value) : [value]))
    .filter(isScript)
}

function isScripts(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.values(value).every(isScript)
}

function isScript(value: unknown): value is Script {
  return typeof value === 'object' && value !== null && 'sha' in value
}

function withoutHeader({ lua }: Script): string {
  return lua.slice(lua.indexOf('\n\n'))
}
