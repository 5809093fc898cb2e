import type { WorkizErrorCode, WorkizErrorFacts } from './errors.js'
import type { Answer } from './request.js'

export interface Verdict extends WorkizErrorFacts {
  readonly code: WorkizErrorCode
  /** What happened, for a person; the caller adds which call it was. */
  readonly what: string
}

/** Why the status of an answer stops us before its body is looked at; `undefined` for a 200. */
export function judgeStatus({ status, text }: Answer): Verdict | undefined {
  if (status === 200) return undefined
  if (status === 401 || status === 403) return revoked
  if (status === 429) return { code: 'rate_limited', what: 'was refused: too many calls', retryable: true }
  if (status >= 500) return { ...unavailable(`answered ${status}`), status }
  if (status === 400) return { code: 'invalid_payload', what: 'was refused as invalid' }
  if (isHtml(text)) return unavailable(`answered ${status} with an HTML page`)
  if (isWrongPath(text)) return { ...badResponse('found no such path: check baseUrl'), scope: 'run' }
  return badResponse(status === 204 ? 'answered without a body' : `answered ${status}`)
}

/**
 * Whether an answer to `job/get` says on its own that there is no such job. A 404 for a path that the API does not
 * know, or from the host in front of it, says nothing about the job.
 */
export function isGone({ status, text }: Answer): boolean {
  return status === 204 || (status === 404 && !isWrongPath(text) && !isHtml(text))
}

/** The body as JSON, whatever its content type says; an error page with status 200 is the host's, not the API's. */
export function parseBody({ text }: Answer): { readonly json: unknown } | Verdict {
  try {
    return { json: JSON.parse(text) as unknown }
  } catch {
    return unavailable(isHtml(text) ? 'answered with an HTML page' : 'answered with broken JSON')
  }
}

export function badResponse(what: string): Verdict {
  return { code: 'upstream_bad_response', what }
}

export function unavailable(what: string): Verdict {
  return { code: 'upstream_unavailable', what, retryable: true, status: 502 }
}

function isWrongPath(text: string): boolean {
  return /invalid end ?point/i.test(text)
}

function isHtml(text: string): boolean {
  return text.trimStart().startsWith('<')
}

const revoked: Verdict = {
  code: 'credentials_invalid',
  what: 'was refused: the API token is not valid. Nothing runs for this account until it is replaced',
  scope: 'tenant',
}
