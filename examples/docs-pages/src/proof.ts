/** Walks a documentation tree in a process that is killed twice, and checks the totals. Exits with 1 if they differ. */
import { resolve } from 'node:path'
import { prove } from './proof/prove.js'
import { htmlFiles } from './tree.js'

const folder = resolve(process.argv[2] ?? '/usr/share/doc/postgresql-doc-15/html')
const pages = (await htmlFiles(folder)).length
const killAt = [0.31, 0.68].map(share => Math.ceil(share * pages))

const { files, table, job, kills, repeated, mostRepeated, problems } = await prove({
  folder,
  batchSize: 50,
  killAt,
})

console.log(`${folder}\nkilled ${kills} times, at page requests ${killAt.join(' and ')}`)
console.table(
  Object.entries(files).map(([what, inFiles]) => ({
    what,
    'the files': short(inFiles),
    "the app's table": short(table[what as keyof typeof table]),
    'the job': short({ titles: '', ...job }[what] ?? ''),
  })),
)
console.log(`fetched more than once: ${repeated} pages (at most ${mostRepeated})`)
console.log(problems.length === 0 ? 'All the same.' : problems.join('\n'))
process.exitCode = problems.length === 0 ? 0 : 1

function short(value: string | number): string | number {
  return typeof value === 'string' ? value.slice(0, 12) : value
}
