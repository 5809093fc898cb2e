import { rmSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { differences } from '../src/proof/compare.js'
import { countFiles } from '../src/proof/count-files.js'
import { prove } from '../src/proof/prove.js'
import { writeTree } from './fixture.js'

const newerDriver = new URL('newer-driver.mjs', import.meta.url)

function setup() {
  const { folder, ...written } = writeTree(36)
  onTestFinished(() => rmSync(folder, { recursive: true }))
  if (Number(process.versions.napi) >= 10) vi.stubEnv('NODE_OPTIONS', `--import ${newerDriver}`)
  return { folder, written }
}

test('the count over the files is what was written to them', () => {
  const { folder, written } = setup()
  expect(countFiles(folder)).toEqual(written)
})

test('a walk that is killed goes on, and finds what the files hold, counting nothing twice', async () => {
  const { folder, written } = setup()
  const { titles, ...sums } = written
  const proof = await prove({ folder, batchSize: 5, killAt: [18] })

  expect(proof.problems).toEqual([])
  expect(proof).toMatchObject({ kills: 1, table: { ...sums, titles }, job: sums })
  expect(proof.repeated).toBeGreaterThan(0)
}, 20_000)

test.each(['pages', 'bytes', 'links', 'titles'] as const)('%s that differ are told', what => {
  const files = { pages: 36, bytes: 9_000, links: 105, titles: 'abc' }
  const other = { ...files, [what]: 'other' }
  expect(differences(files, other, files)).toEqual([expect.stringContaining(what)])
})
