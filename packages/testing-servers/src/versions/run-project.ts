import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { VersionResult } from './report.js'

const root = join(import.meta.dirname, '../../../..')

export interface RunOptions {
  /** For what it leaves. */
  readonly folder: string
  /** Only the tests with this in their names. */
  readonly tests: string
}

/** Runs the tests of a project in an environment that leads them to a server. */
export async function runProject(
  project: 'postgres' | 'redis',
  environment: Readonly<Record<string, string>>,
  { folder, tests }: RunOptions,
): Promise<Omit<VersionResult, 'version'>> {
  const outputFile = join(folder, 'results.json')
  const startedAt = performance.now()
  await vitest(
    ['--project', project, '--reporter', 'json', '--outputFile', outputFile, '-t', tests],
    environment,
  )
  const seconds = (performance.now() - startedAt) / 1_000
  return { seconds, ...countsIn(JSON.parse(await readFile(outputFile, 'utf8'))) }
}

async function vitest(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn('npx', ['vitest', 'run', '--config', 'vitest.workspace.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await once(child, 'exit')
}

interface Results {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message?: string
    readonly assertionResults: readonly Assertion[]
  }[]
}

interface Assertion {
  readonly fullName: string
  readonly status: string
  readonly failureMessages: readonly string[]
}

function countsIn({ numPassedTests, numFailedTests, numPendingTests, testResults }: Results) {
  const failed = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.filter(each => each.status === 'failed').map(told)
    const brokenFile = status === 'failed' && tests.length === 0
    return brokenFile ? [`${name}: ${message}`] : tests
  })
  return { cases: numPassedTests + numFailedTests, skipped: numPendingTests, failed }
}

function told({ fullName, failureMessages }: Assertion): string {
  return `${fullName}: ${failureMessages[0]?.split('\n')[0]}`
}
