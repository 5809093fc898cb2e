import type { Clock } from '@longhaul/core'
import { empty, html, json, type Reply, tooManyRequests } from './reply.js'

export interface FaultContext {
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Answers in place of the fake. `answer` is what the fake would have said; unless called, no route runs. */
export type Fault = (answer: () => Reply, context: FaultContext) => Reply | Promise<Reply>

export function status(code: number, body: unknown = null, headers: Record<string, string> = {}): Fault {
  const reply = body === null ? empty(code) : json(body, code)
  return () => ({ ...reply, headers: { ...reply.headers, ...headers } })
}

/** @param retryAfter Seconds, any text (such as an HTTP date), or `'none'`, as Workiz does it. */
export function tooMany({ retryAfter = 'none' }: { retryAfter?: number | string } = {}): Fault {
  return () => tooManyRequests(retryAfter)
}

export function cf520(): Fault {
  return () => html('<html><head><title>Oops!</title></head><body>Something went wrong</body></html>', 520)
}

export function flagFalse(message = 'Could not load job'): Fault {
  return status(200, { flag: false, msg: message, code: 200 })
}

/** Answers late. */
export function delay(ms: number): Fault {
  return async (answer, { clock, signal }) => {
    await clock.sleep(ms, { signal })
    return answer()
  }
}

/** Never answers. */
export function hang(): Fault {
  return () => ({ ...empty(200), wire: 'silent' })
}

/** Sends headers, and never the body. */
export function stall(): Fault {
  return answer => ({ ...answer(), wire: 'stalled' })
}

/** Cuts the connection before the headers. */
export function reset(): Fault {
  return () => ({ ...empty(200), wire: 'reset' })
}

/** In process: nobody listens. Over HTTP this is a {@link reset}, for the server has to listen to be asked. */
export function refuse(): Fault {
  return () => ({ ...empty(200), wire: 'refused' })
}

/** Announces the full body, and cuts the connection after so many bytes of it. */
export function truncate(bytes: number): Fault {
  return answer => ({ ...answer(), wire: { cutAfter: bytes } })
}

export function badJson(): Fault {
  return answer => ({ ...answer(), status: 200, body: '{"flag":true,"data":[' })
}

export function html200(): Fault {
  return () => html('<html><body>Oops! Something went wrong</body></html>')
}

export function empty200(): Fault {
  return () => ({ ...empty(200), body: '' })
}

export function noContent(): Fault {
  return () => empty(204)
}

/** The right JSON, called plain text. */
export function wrongType(): Fault {
  return answer => withHeaders(answer(), { 'content-type': 'text/plain' })
}

/** The host's clock, as its `Date` header tells it, is off. */
export function clockSkew(ms: number): Fault {
  return (answer, { clock }) => withHeaders(answer(), { date: new Date(clock.now() + ms).toUTCString() })
}

function withHeaders(reply: Reply, headers: Record<string, string>): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } }
}
