import { defineProcessor } from '@longhaul/core'
import { z } from 'zod'
import { readPage } from './page.js'
import type { PageTable } from './page-table.js'
import { fetchFile } from './site.js'
import { htmlFiles, htmlFilesAfter } from './tree.js'

export interface ReadPagesOptions {
  /** Where the site is now: not part of the job's input, since it may move while the job waits. */
  readonly site: string
  readonly table: PageTable
  readonly batchSize: number
}

/** Fetches each page of a documentation site, and keeps what it says of itself. */
export function readPages({ site, table, batchSize }: ReadPagesOptions) {
  return defineProcessor({
    name: 'docs.read-pages',
    input: z.object({ folder: z.string() }),
    counters: ['bytes', 'links'],
    gate: () => ({ key: 'docs', rates: [{ limit: 200, perMs: 1_000 }] }),
    total: async ({ input }) => (await htmlFiles(input.folder)).length,
    items: async ({ input, cursor, limit }) => {
      const paths = await htmlFilesAfter(input.folder, cursor, limit)
      return paths.map(path => [path, path] as const)
    },
    each: async (path, { call, count }) => {
      const page = readPage(await call(signal => fetchFile(site, path, signal)))
      table.put(path, page)
      count('bytes', page.bytes)
      count('links', page.links)
    },
    finish: () => table.totals(),
    batchSize,
    concurrency: 4,
  })
}
