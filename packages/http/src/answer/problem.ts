import { STATUS_CODES } from 'node:http'
import { type InputError, isLonghaulError, type LonghaulError } from '@longhaul/core'
import { answer } from './answer.js'
import { HttpError } from './http-error.js'
import { short, shownIssues } from './issues.js'

const statuses: Readonly<Record<string, number>> = {
  invalid_input: 400,
  invalid_options: 400,
  not_storable: 400,
  invalid_schedule: 400,
  job_not_found: 404,
  group_not_found: 404,
  gate_not_found: 404,
  schedule_not_found: 404,
  unknown_processor: 404,
  wrong_state: 409,
  schedule_in_code: 409,
  too_large: 413,
  store_unavailable: 503,
  store_busy: 503,
  store_closed: 503,
}

const longestDetail = 150

/** What a thrown error is to whoever asked: what the app or this package said on purpose, or else no more than a status. */
export function toHttpError(error: unknown): HttpError {
  if (!isLonghaulError(error)) return unexpected()
  if ('status' in error) return error as HttpError
  const status = statuses[error.code]
  if (status === undefined) return unexpected()
  if (status === 503) return unavailable(error.code)
  return new HttpError(status, error.code, detailOf(error), { facts: factsOf(error) })
}

function unexpected(): HttpError {
  return new HttpError(500, 'internal_error', 'Something went wrong here. The log of the app says what.')
}

function unavailable(code: string): HttpError {
  const detail = 'Jobs can not be reached at the moment. Try again soon.'
  return new HttpError(503, code, detail, { headers: { 'retry-after': '5' } })
}

function detailOf({ code, message }: LonghaulError): string {
  if (code === 'unknown_processor') return 'There is no processor of this name.'
  if (code === 'invalid_input') return 'The input does not fit the processor.'
  return short(message, longestDetail)
}

function factsOf(error: LonghaulError): Record<string, unknown> {
  if (error.code === 'wrong_state' && 'state' in error) return { state: error.state }
  if (error.code !== 'invalid_input') return {}
  return { issues: shownIssues((error as InputError).issues) }
}

/** `application/problem+json`, with the stable `code` of the error beside the members of RFC 9457. */
export function problem({ status, code, message, headers, facts }: HttpError): Response {
  const details = { title: STATUS_CODES[status] ?? 'Error', status, detail: message, code, ...facts }
  return answer(details, { status, headers: { ...headers, 'content-type': 'application/problem+json' } })
}
