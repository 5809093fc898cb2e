import { appRoute } from '@longhaul/next'
import { after } from 'next/server'
import { authorize } from '../../../../jobs/access.js'
import { runner } from '../../../../jobs/runner.js'

export const maxDuration = 60

export const { GET, POST, HEAD, OPTIONS } = appRoute(runner, {
  basePath: '/api/jobs',
  authorize,
  after,
  work: { secrets: process.env.CRON_SECRET, maxDurationMs: maxDuration * 1_000 },
})
