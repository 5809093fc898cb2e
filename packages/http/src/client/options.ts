import type { Clock, Random } from '@longhaul/core'

export interface ClientOptions {
  /** Where the routes are: `/api/longhaul`, or with its origin. */
  readonly url: string
  /** Sent with each request, such as a token. A function is asked each time. Cookies of the same origin go along anyway. */
  readonly headers?: HeadersGiven | (() => HeadersGiven | Promise<HeadersGiven>)
  /** @defaultValue 'same-origin' */
  readonly credentials?: 'omit' | 'same-origin' | 'include'
  /** @defaultValue the global one */
  readonly fetch?: typeof fetch
  /** For tests. @defaultValue the system's */
  readonly clock?: Pick<Clock, 'sleep'>
  /** For tests. @defaultValue the system's */
  readonly random?: Random
}

type HeadersGiven = Readonly<Record<string, string>>
