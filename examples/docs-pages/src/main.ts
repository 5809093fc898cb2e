/** Reads the pages of a documentation tree. Stop it however you like, and start it again: it goes on. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { JobView } from '@longhaul/core'
import { openApp } from './app.js'
import { serve } from './site.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: 'string', default: 'docs-pages.db' },
    batch: { type: 'string', default: '50' },
    site: { type: 'string' },
  },
})
const folder = resolve(positionals[0] ?? '/usr/share/doc/postgresql-doc-15/html')
const own = values.site ? undefined : await serve(folder)
const site = values.site ?? own?.url ?? ''
const { runner, processor, close } = openApp({ ...values, site, batchSize: Number(values.batch) })

const job = await runner.enqueue(processor, { folder }, { key: folder })
console.log(job.created ? `Reads ${folder}` : `Known already: ${job.state}, ${progressOf(job)}`)
if (job.state === 'failed' || job.state === 'cancelled') await runner.retry(job.id)

runner.on('progress', saved => console.log(progressOf(saved)))
await runner.start()
console.table(await runner.waitFor(job))
await close()
own?.close()

function progressOf({ progress: { done, total }, eta }: JobView): string {
  const left = eta ? `, about ${Math.ceil(eta.remainingMs / 1_000)} s left` : ''
  return `${done} of ${total ?? '?'} pages${left}`
}
