import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor } from '../../src/index.js'
import { assertEnqueued, refuteEnqueued } from '../../src/testing/index.js'
import { setup } from '../setup.js'

const mail = defineProcessor({
  name: 'mail',
  input: z.object({ to: z.string(), parts: z.array(z.object({ text: z.string(), size: z.number() })) }),
  run: () => {},
})
const toAda = { to: 'ada@example.org', parts: [{ text: 'hello', size: 5 }] }

test('finds the job that is as expected, by what matters of its input and of itself', async () => {
  const { runner } = setup([mail])
  const { id } = await runner.enqueue(mail, toAda, { tenant: 'acme', tags: ['welcome'], priority: 'high' })
  await runner.enqueue(mail, { ...toAda, to: 'bob@example.org' })

  const found = await assertEnqueued(runner, { processor: 'mail', input: { to: 'ada@example.org' } })
  expect(found.id).toBe(id)
  const same = {
    processor: 'mail',
    tenant: 'acme',
    tag: 'welcome',
    priority: 10,
    input: { parts: [{ size: 5 }] },
  }
  expect((await assertEnqueued(runner, same)).id).toBe(id)
})

test('finds it also when it was worked already', async () => {
  const { runner } = setup([mail])
  await runner.enqueue(mail, toAda)
  await runner.work()
  expect(await assertEnqueued(runner, { processor: 'mail' })).toMatchObject({ state: 'completed' })
})

test.each([
  { input: { to: 'nobody' } },
  { input: { parts: [] } },
  { input: { parts: [{ size: 5 }, { size: 6 }] } },
  { input: { to: { length: 15 } } },
  { tag: 'other' },
  { tenant: 'acme' },
])('says what there is instead of a job with %j', async more => {
  const { runner } = setup([mail])
  await runner.enqueue(mail, toAda)
  const expected = { processor: 'mail', ...more }

  await expect(assertEnqueued(runner, expected)).rejects.toThrow(
    /0 jobs are like .*There are:\n.*waiting.*ada@example.org/s,
  )
  await refuteEnqueued(runner, expected)
})

test('does not take two for one, nor one for none', async () => {
  const { runner } = setup([mail])
  await expect(assertEnqueued(runner, { processor: 'mail' })).rejects.toThrow('The processor has no jobs')
  await runner.enqueue(mail, toAda)
  await runner.enqueue(mail, toAda)

  await expect(assertEnqueued(runner, { processor: 'mail' })).rejects.toThrow('2 jobs are like')
  await expect(refuteEnqueued(runner, { processor: 'mail' })).rejects.toThrow('No job should be like')
})
