import type { z } from 'zod'
import { HttpError } from '../answer/http-error.js'
import { shownIssues } from '../answer/issues.js'

/** @throws {HttpError} 400, with what does not fit. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: 'query' | 'body',
): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = shownIssues(result.error.issues)
  throw new HttpError(400, `invalid_${what}`, `The ${what} is not as it should be.`, { facts: { issues } })
}

/** Parameters that may come several times are lists; any other one that does is refused by its schema. */
export function queryOf({ searchParams }: URL): Record<string, string | string[]> {
  const names = new Set(searchParams.keys())
  return Object.fromEntries(
    [...names].map(name => {
      const all = searchParams.getAll(name)
      return [name, all.length === 1 ? (all[0] ?? '') : all]
    }),
  )
}
