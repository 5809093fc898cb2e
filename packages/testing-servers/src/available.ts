import { onCi } from './setup/before-tests.js'
import { postgres, redis, type ServerKind } from './setup/kinds.js'

const kinds = { postgres, redis }

/**
 * The server that this run's tests share, or `undefined` where there is none and they are to be skipped. Other
 * tests, and perhaps a developer, use it too: make a schema or a key prefix of your own, and touch nothing else.
 */
export function serverUrl(name: ServerKind['name']): string | undefined {
  return process.env[kinds[name].variable]
}

/** Whether a test can start a server of its own. Always on CI, where a test that can't run must fail. */
export function canStart(name: ServerKind['name']): boolean {
  return onCi() || kinds[name].whyNot() === undefined
}
