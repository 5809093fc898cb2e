/** One request as the fake saw it. The API token is masked. */
export interface RecordedCall {
  /** Counts from 1. */
  readonly number: number
  readonly method: string
  /** Behind the token, without the query: `job/get/W00001/`. */
  readonly path: string
  /** The token that came with it was the right one. */
  readonly authorized: boolean
  readonly search: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** Epoch milliseconds by the fake's clock. */
  readonly at: number
}

const route = /^\/api\/v1\/([^/]*)\/(.*)$/

export async function record(
  request: Request,
  number: number,
  at: number,
  token: string,
): Promise<RecordedCall> {
  const url = new URL(request.url)
  const [, given = '', path = url.pathname] = route.exec(url.pathname) ?? []
  return {
    number,
    method: request.method,
    path: path.replaceAll(given || token, '[token]'),
    authorized: given !== '' && decodeURIComponent(given) === token,
    search: url.searchParams,
    headers: Object.fromEntries(request.headers),
    body: await readBody(request),
    at,
  }
}

async function readBody(request: Request): Promise<unknown> {
  const text = await request.text()
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text === '' ? null : text
  }
}
