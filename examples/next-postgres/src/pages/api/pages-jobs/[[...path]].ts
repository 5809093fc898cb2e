import { pagesRoute } from '@longhaul/next'
import { authorize } from '../../../jobs/access.js'
import { runner } from '../../../jobs/runner.js'

/** In seconds. Next reads it from here, and takes nothing but a number. */
export const config = { maxDuration: 60 }

/** Pages have no `after`: what is enqueued here waits for cron, or for a worker. */
export default pagesRoute(runner, {
  basePath: '/api/pages-jobs',
  authorize,
  work: { secrets: process.env.CRON_SECRET, maxDurationMs: config.maxDuration * 1_000 },
})
