import { createRunner, defineProcessor } from '@longhaul/core'
import { sqliteStore } from '@longhaul/sqlite'
import { z } from 'zod'

export const secret = 'a-secret-of-16-or-more'

const measure = defineProcessor({
  name: 'measure',
  input: z.object({ text: z.string() }),
  retry: { attempts: 1 },
  run: ({ input }) => input.text.length,
})

/** A runner with jobs to be found, and the options of its handler. What goes wrong inside is kept. */
export async function app(file: string) {
  const runner = createRunner({ store: sqliteStore(file), processors: [measure] })
  const jobs = await runner.enqueueMany(
    'measure',
    ['a', 'b', 'c'].map(text => ({ input: { text }, group: 'g' })),
  )
  const errors: unknown[] = []
  const options = {
    basePath: '/api/jobs',
    authorize: () => ({ roles: ['admin'] as const, tenant: null }),
    events: { maxMs: 1, connections: { perSubject: 1_000 } },
    failures: { limit: 1_000_000 },
    work: { secrets: secret, maxDurationMs: 1_000, patienceMs: 0 },
    onError: (error: unknown) => void errors.push(error),
  }
  return { runner, options, errors, known: { jobs: ['g', ...jobs.map(({ id }) => id)], secret } }
}
