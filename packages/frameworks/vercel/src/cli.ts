#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { vercelConfig } from './config.js'

const help = `Prints the piece of vercel.json that longhaul needs.

  --base-path /api/jobs       where the routes are
  --file api/jobs.ts          the file of the function, to give it time; not for Next, which says so in the file
  --max-duration 300          seconds, 1 to 1800
  --schedule "* * * * *"      how often cron looks, in UTC; the Hobby plan takes once a day`

try {
  const { values } = parseArgs({
    options: {
      'base-path': { type: 'string' },
      file: { type: 'string' },
      'max-duration': { type: 'string' },
      schedule: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  const { file, schedule, 'base-path': basePath, 'max-duration': seconds } = values
  const options = {
    ...(basePath ? { basePath } : {}),
    ...(file ? { file } : {}),
    ...(schedule ? { schedule } : {}),
    ...(seconds ? { maxDuration: Number(seconds) } : {}),
  }
  console.log(values.help ? help : JSON.stringify(vercelConfig(options), null, 2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.error(`\n${help}`)
  process.exitCode = 2
}
