export interface AnswerInit {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** On every answer: it is for whoever asked alone, is nothing but what it says, and is shown in no frame. */
export const safeHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** JSON, unless the headers name another type. */
export function answer(body: unknown, { status = 200, headers = {} }: AnswerInit = {}): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = { 'content-type': 'application/json; charset=utf-8' }
  return new Response(text, { status, headers: { ...safeHeaders, ...type, ...headers } })
}

export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers: { ...safeHeaders, ...headers } })
}
