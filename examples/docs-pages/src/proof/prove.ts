import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openApp } from '../app.js'
import { differences, type Found, type JobSays } from './compare.js'
import { countFiles } from './count-files.js'
import { hashOfTitles } from './hash.js'
import { runAndKill, type Walk, type Walked } from './run-and-kill.js'

export interface Proof {
  readonly files: Found
  readonly table: Found
  readonly job: JobSays
  readonly kills: number
  /** Fetches of a page that had been fetched before. */
  readonly repeated: number
  readonly mostRepeated: number
  /** Why it is no proof; empty when it is one. */
  readonly problems: readonly string[]
}

/** Walks a tree with kills on the way, and holds what came of it against the files. */
export async function prove(walk: Omit<Walk, 'database'>): Promise<Proof> {
  const temporary = await mkdtemp(join(tmpdir(), 'docs-pages-'))
  try {
    const database = join(temporary, 'docs-pages.db')
    const walked = await runAndKill({ ...walk, database })
    return judge(walk, walked, countFiles(walk.folder), await resultsIn(database))
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

type Results = Pick<Proof, 'table' | 'job'>

function judge(walk: Omit<Walk, 'database'>, walked: Walked, files: Found, { table, job }: Results): Proof {
  const { requests, kills, requestsAfterwards } = walked
  const repeated = requests.length - new Set(requests).size
  const mostRepeated = walk.killAt.length * walk.batchSize
  const problems = [
    ...differences(files, table, job),
    ...(kills === walk.killAt.length ? [] : [`killed ${kills} times instead of ${walk.killAt.length}`]),
    ...(repeated <= mostRepeated ? [] : [`${repeated} pages repeated, at most ${mostRepeated} may be`]),
    ...(requestsAfterwards === 0 ? [] : [`${requestsAfterwards} pages fetched after the job had ended`]),
  ]
  return { files, table, job, kills, repeated, mostRepeated, problems }
}

/** What the app kept, and what the job itself counted. */
async function resultsIn(database: string): Promise<Results> {
  const { runner, table, close } = openApp({ database, site: '', batchSize: 1 })
  const [job] = (await runner.list()).jobs
  const found = { ...table.totals(), titles: hashOfTitles(table.titles()) }
  await close()
  if (!job) throw new Error('The app kept no job.')
  const { bytes = 0, links = 0 } = job.counters
  return { table: found, job: { pages: job.progress.done, bytes, links } }
}
