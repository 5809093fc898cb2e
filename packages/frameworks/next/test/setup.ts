import { createRunner, defineProcessor, memoryStore } from '@longhaul/core'
import { z } from 'zod'

export const measure = defineProcessor({
  name: 'measure',
  input: z.object({ text: z.string() }),
  run: ({ input }) => input.text.length,
})

export const secret = 'a-secret-of-16-or-more'

export function setup() {
  const runner = createRunner({ store: memoryStore(), processors: [measure] })
  const behind: Promise<unknown>[] = []
  const options = {
    basePath: '/api/jobs',
    authorize: () => ({ roles: ['admin'] as const, tenant: null }),
    work: { secrets: secret },
    after: (promise: Promise<unknown>) => void behind.push(promise),
  }
  return { runner, options, settled: () => Promise.all(behind) }
}

export const enqueue = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"input":{"text":"four"}}',
}
