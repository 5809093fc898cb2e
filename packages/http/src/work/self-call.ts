import { type Clock, OptionsError, systemClock } from '@longhaul/core'
import { type Secrets, secretsIn } from '../access/secrets.js'
import type { HandOver } from './options.js'
import { handOverHeader, sign } from './signature.js'

export interface SelfCallOptions {
  /** The work route of this very app: absolute, and never taken from a request, whose host anyone may choose. */
  readonly url: string | URL
  /** Those of the work route; the first one signs. */
  readonly secrets: Secrets
  /** Sent along, for example to pass the protection of a preview deployment. */
  readonly headers?: Readonly<Record<string, string>>
  /** How long to wait for the other side to have begun. @defaultValue 5_000 */
  readonly timeoutMs?: number
  readonly fetch?: typeof fetch
  readonly clock?: Clock
}

/**
 * Starts the next invocation by a signed call to the app's own work route. Redirects are not followed: a signature goes to
 * nobody else.
 *
 * @throws {OptionsError} when the url is not absolute.
 */
export function selfCall(options: SelfCallOptions): HandOver {
  const { secrets, headers = {}, timeoutMs = 5_000, clock = systemClock } = options
  const url = checkedUrl(options.url)
  return async call => {
    if (secretsIn(secrets).length === 0) return
    const send = options.fetch ?? fetch
    const over = new AbortController()
    void clock.sleep(timeoutMs, { ...unwatched, signal: over.signal }).then(() => over.abort())
    try {
      const signature = sign(call, secrets, clock.now())
      const response = await send(url, {
        method: 'POST',
        headers: { ...headers, [handOverHeader]: signature },
        redirect: 'manual',
        signal: over.signal,
      })
      await response.body?.cancel()
      if (response.status >= 300) throw refused(response.status)
    } finally {
      over.abort()
    }
  }
}

/** The process need not stay for it. */
const unwatched = { background: true, unref: true }

function refused(status: number): Error {
  return new Error(`The work route answered ${status} to the app's own call.`)
}

function checkedUrl(given: string | URL): URL {
  try {
    const url = new URL(given)
    if (['http:', 'https:'].includes(url.protocol)) return url
  } catch {}
  throw new OptionsError('url', 'must be the absolute http(s) address of the work route')
}
