import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, it } from 'vitest'
import type { z } from 'zod'
import { group, stats } from '../src/schema/group.js'
import { enqueued, items, job, jobs, logs } from '../src/schema/job.js'
import { jsonOf, setup } from './setup.js'

it('the document is valid OpenAPI 3.1, and names the processors', async () => {
  const document = await jsonOf(setup().ask('GET', '/openapi.json'))

  expect(await new Validator().validate(document)).toMatchObject({ valid: true })
  expect(document.openapi).toBe('3.1.1')
  expect(document.paths['/jobs/{processor}'].post.parameters[0].schema.enum).toEqual(['measure', 'count/up'])
})

it('what is answered is what the document says', async () => {
  const { ask, runner } = setup({ show: ['input', 'stack'] })
  const jobOf = await jsonOf(ask('POST', '/jobs/measure', { body: { input: { text: 'fail' } } }))
  const walk = runner.group('g')
  walk.add('count/up', { to: 3, failing: [1] })
  const {
    jobs: [walking],
  } = await walk.enqueue()
  await runner.work()
  const fits = async (schema: z.ZodType, path: string) => {
    const parsed = schema.safeParse(await jsonOf(ask('GET', path)))
    expect([path, parsed.error?.issues]).toEqual([path, undefined])
  }

  expect(enqueued.safeParse(jobOf).error?.issues).toBeUndefined()
  await fits(job, `/jobs/${jobOf.id}`)
  await fits(jobs, '/jobs?fields=state')
  await fits(items, `/jobs/${walking?.id}/items`)
  await fits(logs, `/jobs/${jobOf.id}/logs`)
  await fits(group, '/groups/g')
  await fits(stats, '/stats')
})

it('the document leaves out no member of a job', async () => {
  const { ask, runner } = setup({ show: ['input'] })
  const { id } = await runner.enqueue('measure', { text: 'a' })
  await runner.work()
  expect(Object.keys(await jsonOf(ask('GET', `/jobs/${id}`))).sort()).toEqual(Object.keys(job.shape).sort())
})
