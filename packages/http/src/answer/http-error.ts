import { LonghaulError } from '@longhaul/core'

export interface HttpErrorMore {
  readonly headers?: Readonly<Record<string, string>>
  /** Further members of the problem details. */
  readonly facts?: Readonly<Record<string, unknown>>
}

/** What is answered with problem details (RFC 9457). An app throws one from `beforeEnqueue` to refuse a job. */
export class HttpError extends LonghaulError {
  override readonly name = 'HttpError'
  /** From 400 to 599. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly facts: Readonly<Record<string, unknown>>

  /** @param detail For the person who asked: say what to do. Secrets have no place in it. */
  constructor(
    status: number,
    code: string,
    detail: string,
    { headers = {}, facts = {} }: HttpErrorMore = {},
  ) {
    super(code, detail)
    this.status = status
    this.headers = headers
    this.facts = facts
  }
}
