import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { test, token } from './start.js'
import { filledIn, jsonOf, type Names, stepsIn, whatHolds } from './transcripts.js'

const steps = stepsIn(readFileSync(new URL('../README.md', import.meta.url), 'utf8'))

const isCurlThere = spawnSync('curl', ['--version']).status === 0
if (!isCurlThere)
  console.warn('SKIPPED: there is no curl here, so the transcripts of the README are not run.')

test.skipIf(!isCurlThere)('every transcript of the README happens as it is told', async ({ start }) => {
  const { url } = await start()
  const names: Names = new Map()
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    URL: url,
    API_TOKEN: token,
    AUTH: `authorization: Bearer ${token}`,
  }
  expect(steps.length).toBeGreaterThan(10)
  for (const { command, said } of steps) {
    const { stdout } = spawnSync('sh', ['-c', filledIn(command, names)], { env, encoding: 'utf8' })
    const printed = stdout.trim()
    expect(jsonOf(printed) ?? printed, command).toEqual(whatHolds(said, printed, names))
  }
})
