import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, Fatal, GroupNotFoundError, GroupUnfinishedError } from '../../src/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

/** Jobs that note when they ran, and fail when they are told to. */
function operation() {
  const ran: string[] = []
  const failing = new Set<string>()
  const work = defineProcessor({
    name: 'work',
    input: z.string(),
    retry: { attempts: 1 },
    run: ({ input }) => {
      ran.push(input)
      if (failing.has(input)) throw new Fatal(`${input} failed`)
      return input.length
    },
  })
  return { work, ran, failing, ...setup([work]) }
}

describe('a group', () => {
  test('is stored at once, and runs each job when those before it have succeeded', async () => {
    const { runner, clock, work, ran } = operation()
    const group = runner.group()
    const base = group.add(work, 'base')
    const left = group.add(work, 'left', { after: [base] })
    const right = group.add(work, 'right', { after: [base], priority: 'high' })
    group.add(work, 'top', { after: [left, right] })
    const { id, jobs } = await group.enqueue()

    expect(jobs).toHaveLength(4)
    expect(await runner.get(jobs[3]?.id ?? '')).toMatchObject({ state: 'blocked', waitsFor: 2, group: id })
    await runToEnd(runner, clock)

    expect(ran).toEqual(['base', 'right', 'left', 'top'])
    expect(await runner.groups.get(id)).toMatchObject({
      id,
      state: 'completed',
      percent: 100,
      eta: null,
      jobs: { total: 4, ended: 4, states: { completed: 4 } },
    })
  })

  test('shows and changes for one tenant only what is of this tenant', async () => {
    const { runner, work } = operation()
    await runner.enqueue(work, 'a', { group: 'g', tenant: 'acme' })
    const other = await runner.enqueue(work, 'b', { group: 'g', tenant: 'other' })

    expect(await runner.groups.get('g', { tenant: 'acme' })).toMatchObject({ jobs: { total: 1 } })
    await runner.groups.cancel('g', { tenant: 'acme' })

    expect(await runner.get(other.id)).toMatchObject({ state: 'waiting' })
    expect(await runner.groups.get('g', { tenant: 'nobody' })).toBeUndefined()
    await expect(runner.groups.cancel('g', { tenant: 'nobody' })).rejects.toThrow(GroupNotFoundError)
  })

  test('ends with its finishing job, whatever failed before', async () => {
    const { runner, clock, work, ran, failing } = operation()
    failing.add('b')
    const group = runner.group('nightly')
    const [a, b] = [group.add(work, 'a'), group.add(work, 'b')]
    group.add(work, 'after a', { after: [a] })
    group.add(work, 'after b', { after: [b] })
    group.finish(work, 'report')
    await group.enqueue()
    await runToEnd(runner, clock)

    expect(ran).toEqual(['a', 'b', 'after a', 'report'])
    expect(await runner.groups.get('nightly')).toMatchObject({
      state: 'completed_with_errors',
      jobs: { states: { completed: 3, failed: 1, cancelled: 1 } },
    })
  })

  test('tries again what failed, and then what waited for it', async () => {
    const { runner, clock, work, ran, failing } = operation()
    failing.add('a')
    const group = runner.group()
    const a = group.add(work, 'a')
    group.add(work, 'b', { after: [a] })
    group.add(work, 'other')
    await group.enqueue()
    await runToEnd(runner, clock)
    expect(await runner.groups.get(group.id)).toMatchObject({ state: 'completed_with_errors' })

    failing.clear()
    expect(await runner.groups.retry(group.id)).toMatchObject({
      jobs: { states: { waiting: 1, blocked: 1 } },
    })
    await runToEnd(runner, clock)

    expect(ran).toEqual(['a', 'other', 'a', 'b'])
    expect(await runner.groups.get(group.id)).toMatchObject({ state: 'completed' })
  })

  test('tries again what failed and what waited for that, and leaves alone what a person cancelled', async () => {
    const { runner, clock, work, ran, failing } = operation()
    failing.add('a')
    const group = runner.group()
    const a = group.add(work, 'a')
    group.add(work, 'b', { after: [a] })
    const unwanted = group.add(work, 'unwanted')
    group.add(work, 'other')
    await group.enqueue()
    await runner.cancel(unwanted.id)
    await runToEnd(runner, clock)
    failing.clear()

    expect(await runner.groups.retry(group.id, { only: 'failed' })).toMatchObject({
      jobs: { states: { waiting: 1, blocked: 1, cancelled: 1, completed: 1 } },
    })
    await runToEnd(runner, clock)
    expect(ran).toEqual(['a', 'other', 'a', 'b'])
  })

  test('stores nothing when one of its inputs does not fit', async () => {
    const { runner, work } = operation()
    const group = runner.group()
    group.add(work, 'good')
    group.add(work, 7 as never)

    await expect(group.enqueue()).rejects.toMatchObject({ code: 'invalid_input' })
    expect(await runner.groups.get(group.id)).toBeUndefined()
  })

  test('can’t be built in a circle', async () => {
    const { runner, work } = operation()
    const [one, other] = [runner.group(), runner.group()]
    const b = other.add(work, 'b')
    const a = one.add(work, 'a', { after: [b] })
    other.add(work, 'c', { after: [a] })

    await expect(one.enqueue()).rejects.toMatchObject({ code: 'unknown_job' })
    await expect(other.enqueue()).rejects.toMatchObject({ code: 'unknown_job' })
    expect(await runner.stats()).toMatchObject({ states: { waiting: 0, blocked: 0 } })
  })

  test('refuses to be empty, to have two finishing jobs, and options that are out of range', async () => {
    const { runner, work } = operation()
    await expect(runner.group().enqueue()).rejects.toMatchObject({ code: 'invalid_options' })
    const group = runner.group()
    group.finish(work, 'f')
    expect(() => group.finish(work, 'f')).toThrow('one finishing job')

    const wrong = runner.group()
    wrong.add(work, 'a', { after: [''] })
    await expect(wrong.enqueue()).rejects.toMatchObject({ code: 'invalid_options', option: 'after' })
  })

  test('waits for a job of its call that was there already under its key', async () => {
    const { runner, clock, work, ran } = operation()
    const { id } = await runner.enqueue(work, 'old', { key: 'k' })
    const group = runner.group()
    const again = group.add(work, 'new', { key: 'k' })
    group.add(work, 'behind', { after: [again] })
    const { jobs } = await group.enqueue()

    expect(jobs[0]).toEqual({ id, created: false })
    await runToEnd(runner, clock)
    expect(ran).toEqual(['old', 'behind'])
  })

  test('is cancelled, paused and resumed as a whole', async () => {
    const { runner, clock, work, ran } = operation()
    const group = runner.group()
    const a = group.add(work, 'a')
    group.add(work, 'b', { after: [a] })
    await group.enqueue()
    await runner.enqueue(work, 'other')

    expect(await runner.groups.pause(group.id)).toMatchObject({ state: 'paused', eta: null })
    await runToEnd(runner, clock)
    expect(ran).toEqual(['other'])
    expect(await runner.groups.resume(group.id)).toMatchObject({
      jobs: { states: { waiting: 1, blocked: 1 } },
    })
    expect(await runner.groups.cancel(group.id)).toMatchObject({ state: 'cancelled' })
    await runToEnd(runner, clock)
    expect(ran).toEqual(['other'])
  })

  test('is prepared outside a transaction, and inserted inside', async () => {
    const { runner, work } = operation()
    const group = runner.group()
    const a = group.add(work, 'a')
    group.finish(work, 'f')
    const prepared = await group.prepare()
    await runner.open()
    const refs = await runner.insert(prepared)

    expect(refs.map(({ created }) => created)).toEqual([true, true])
    expect(refs[0]?.id).toBe(a.id)
    expect(await runner.groups.get(group.id)).toMatchObject({ jobs: { total: 2, states: { blocked: 1 } } })
  })
})

describe('who follows a group', () => {
  test('sees each change until its end', async () => {
    const { runner, clock, work } = operation()
    const group = runner.group()
    for (let job = 0; job < 4; job++) group.add(work, `${job}`)
    await group.enqueue()

    const seen: number[] = []
    const watching = (async () => {
      for await (const { jobs } of runner.groups.watch(group.id)) seen.push(jobs.ended)
    })()
    for (let pass = 0; pass < 4; pass++) {
      await runner.work({ maxJobs: 1 })
      await clock.advance(1_000)
    }
    await watching
    expect(seen).toEqual([0, 1, 2, 3, 4])
  })

  test('waits for its end, or for no longer than asked', async () => {
    const { runner, clock, work } = operation()
    const group = runner.group()
    group.add(work, 'a')
    await group.enqueue()

    const late = runner.groups.waitFor(group.id, { timeoutMs: 3_000 })
    late.catch(() => {})
    await clock.advance(4_000)
    await expect(late).rejects.toThrow(GroupUnfinishedError)

    const ended = runner.groups.waitFor(group.id)
    await runner.work()
    await clock.advance(1_000)
    expect(await ended).toMatchObject({ state: 'completed' })
  })

  test('hears that there is no such group', async () => {
    const { runner } = operation()
    expect(await runner.groups.get('nobody')).toBeUndefined()
    await expect(runner.groups.cancel('nobody')).rejects.toThrow(GroupNotFoundError)
    await expect(runner.groups.waitFor('nobody')).rejects.toThrow(GroupNotFoundError)
  })

  test('is told when it will end, as soon as that can be known', async () => {
    const { runner, clock, work } = operation()
    const group = runner.group()
    for (let job = 0; job < 10; job++) group.add(work, `${job}`)
    await group.enqueue()

    for (let pass = 0; pass < 5; pass++) {
      await runner.work({ maxJobs: 1 })
      await clock.advance(10_000)
    }
    const { percent, eta, startedAt } = (await runner.groups.get(group.id)) ?? {}
    expect(percent).toBe(50)
    expect(eta?.remainingMs).toBe(50_000)
    expect(eta?.lowMs).toBeLessThan(50_000)
    expect(eta?.highMs).toBeGreaterThan(50_000)
    expect(startedAt).toBe(new Date(clock.now() - 50_000).toISOString())
  })
})

describe('a job that waits for others', () => {
  test('is enqueued with their ids, and needs their success or only their end', async () => {
    const { runner, clock, work, ran, failing } = operation()
    failing.add('a')
    const a = await runner.enqueue(work, 'a')
    const vain = await runner.enqueue(work, 'vain', { after: [a] })
    await runner.enqueue(work, 'anyway', { after: { jobs: [a.id], outcome: 'ended' } })
    expect(vain).toMatchObject({ state: 'blocked', waitsFor: 1 })
    await runToEnd(runner, clock)

    expect(ran).toEqual(['a', 'anyway'])
    expect(await runner.get(vain.id)).toMatchObject({ state: 'cancelled', waitsFor: 1 })
  })

  test('waits for none that is unknown', async () => {
    const { runner, work } = operation()
    await expect(runner.enqueue(work, 'a', { after: ['nobody'] })).rejects.toMatchObject({
      code: 'unknown_job',
      message: expect.stringContaining('can\'t wait for job "nobody"'),
    })
  })

  test('is no follow-up', async () => {
    const { work } = operation()
    const parent = defineProcessor({
      name: 'parent',
      input: z.null(),
      retry: { attempts: 1 },
      run: ({ enqueue, jobId }) => enqueue(work, 'child', { after: [jobId] } as object),
    })
    const { runner, clock } = setup([parent, work])
    const { id } = await runner.enqueue(parent, null)
    await runToEnd(runner, clock)
    expect(await runner.get(id)).toMatchObject({
      state: 'failed',
      errors: { last: { code: 'invalid_options' } },
    })
  })
})
