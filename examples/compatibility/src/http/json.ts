import { HttpError } from '@longhaul/http'
import type { z } from 'zod'

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}

/** What a request brings. @throws {HttpError} 400 */
export async function bodyOf<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<z.output<Schema>> {
  const body = schema.safeParse(await request.json().catch(() => undefined))
  if (body.success) return body.data
  const [issue] = body.error.issues
  throw new HttpError(400, 'invalid_body', `${issue?.path.join('.') || 'body'}: ${issue?.message}`)
}
