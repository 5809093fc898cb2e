import { findServer } from './find.js'
import type { ServerKind } from './kinds.js'

/**
 * A vitest global setup that leads the tests of a store to a server, by the environment, which child processes
 * inherit. Where none can be had, a run fails on CI, or if it was promised one by name; any other run says before
 * and after its tests what is skipped.
 */
export function beforeTests(kind: ServerKind): () => Promise<() => Promise<void>> {
  return async () => {
    const missing = `${kind.variable}_MISSING`
    if (process.env[missing] !== undefined) return async () => {}
    try {
      const server = await findServer(kind, process.env)
      process.env[kind.variable] = server.url
      return server.close
    } catch (error) {
      const why = `${(error as Error).message}. ${advice(kind)}`
      if (mustNotSkip(kind)) throw new Error(`The tests on ${kind.name} need a server: ${why}`)
      process.env[missing] = why
      return announce(`SKIPPED: all tests on ${kind.name}: ${why}`)
    }
  }
}

const mustNotSkip = ({ variable }: ServerKind) => onCi() || process.env[variable] !== undefined

export const onCi = () => !['', '0', 'false'].includes(process.env.CI ?? '')

const advice = ({ variable }: ServerKind) => `Set ${variable} to the URL of one that may be written to.`

function announce(line: string): () => Promise<void> {
  const say = () => console.warn(`\n${line}\n`)
  say()
  return async () => say()
}
