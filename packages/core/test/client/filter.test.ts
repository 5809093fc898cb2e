import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor } from '../../src/index.js'
import { setup } from '../setup.js'

const quick = defineProcessor({ name: 'quick', input: z.null(), run: () => {} })

test.each([
  [{ tenant: undefined }, 'filter.tenant'],
  [{ states: undefined }, 'filter.states'],
  [{ tenants: ['t'] }, 'filter.tenants'],
  [{ queue: 'default' }, 'filter.queue'],
  [{ tenant: ['t'] }, 'filter.tenant'],
  [{ tag: null }, 'filter.tag'],
  [{ queues: 'default' }, 'filter.queues'],
  [{ ids: [7] }, 'filter.ids'],
  [{ states: ['wating'] }, 'filter.states'],
  [null, 'filter'],
])('a filter that would mean more jobs than it says is refused everywhere: %j', async (given, option) => {
  const { runner } = setup([quick])
  const { id } = await runner.enqueue(quick, null)
  const filter = given as never
  for (const ask of [
    () => runner.list(filter),
    () => runner.stats(filter),
    () => runner.bulk.cancel(filter),
    () => runner.bulk.pause(filter),
    () => runner.bulk.resume(filter),
    () => runner.bulk.promote(filter),
    () => runner.bulk.retry(filter),
    () => runner.bulk.retry(filter, { only: 'failed' }),
    () => runner.bulk.move(filter, { queue: 'other' }),
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: 'invalid_options', option })
  }
  expect(await runner.get(id)).toMatchObject({ state: 'waiting', queue: 'default' })
})

test('no filter at all lists every job, and changes none', async () => {
  const { runner } = setup([quick])
  await runner.enqueue(quick, null)

  expect((await runner.list()).jobs).toHaveLength(1)
  expect((await runner.stats()).states.waiting).toBe(1)
  await expect(runner.bulk.cancel(undefined as never)).rejects.toMatchObject({ option: 'filter' })
  await expect(runner.bulk.retry(undefined as never)).rejects.toMatchObject({ option: 'filter' })
})

test('a misspelt option of what is asked of many jobs, or of a retry, is refused', async () => {
  const { runner } = setup([quick])
  const { id } = await runner.enqueue(quick, null)

  await expect(runner.bulk.cancel({}, { limt: 1 } as never)).rejects.toMatchObject({ option: 'limt' })
  await expect(runner.bulk.retry({}, { only: 'faild' as never })).rejects.toMatchObject({ option: 'only' })
  await expect(runner.retry(id, { only: 'faild' as never })).rejects.toMatchObject({ option: 'only' })
  await expect(runner.retry(id, { onyl: 'failed' } as never)).rejects.toMatchObject({ option: 'onyl' })
})

test.each([undefined, null, '', 7])('%j is no group', async id => {
  const { runner } = setup([quick])
  const job = await runner.enqueue(quick, null, { group: 'g' })
  const { groups } = runner
  const group = id as never
  for (const ask of [
    () => groups.get(group),
    () => groups.waitFor(group),
    () => groups.cancel(group),
    () => groups.pause(group),
    () => groups.resume(group),
    () => groups.retry(group),
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: 'invalid_options', option: 'group' })
  }
  expect(await runner.get(job.id)).toMatchObject({ state: 'waiting' })
})

test.each([
  [{ tenant: undefined }, 'filter.tenant'],
  [{ tenants: 't' }, 'tenants'],
])('a scope that would be that of all tenants is refused: %j', async (given, option) => {
  const { runner } = setup([quick])
  const job = await runner.enqueue(quick, null, { group: 'g', tenant: 't' })
  const scope = given as never

  await expect(runner.groups.get('g', scope)).rejects.toMatchObject({ option })
  await expect(runner.groups.cancel('g', scope)).rejects.toMatchObject({ option })
  await expect(runner.groups.waitFor('g', scope)).rejects.toMatchObject({ option })
  expect(await runner.get(job.id)).toMatchObject({ state: 'waiting' })
})
