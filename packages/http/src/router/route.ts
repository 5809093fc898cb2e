import type { z } from 'zod'
import type { Access, Role } from '../access/access.js'
import type { HandlerContext } from './context.js'

/** What a route is given: everything is checked by now. */
export interface Call<Query = unknown, Body = unknown> {
  readonly request: Request
  readonly context: HandlerContext
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly access: Access
  /** Where the routes are. */
  readonly basePath: string
}

/** One thing that can be asked for. Its schemas check what comes in, and describe it in the OpenAPI document. */
export interface Route<Query extends z.ZodType = z.ZodType, Body extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST'
  /** Below the base path, as `/jobs/:id`. */
  readonly path: string
  readonly needs: Role
  /** One line. */
  readonly summary: string
  /** @defaultValue no parameters */
  readonly query?: Query
  /** @defaultValue no body */
  readonly body?: Body
  /** What it answers, by status. */
  readonly answers: Readonly<Record<number, Answers>>
  respond(call: Call<z.output<Query>, z.output<Body>>): Promise<Response>
}

export interface Answers {
  readonly description: string
  /** @defaultValue JSON of the schema */
  readonly type?: string
  readonly schema?: z.ZodType
}

/** Lets each route keep the types of its own schemas. */
export function route<Query extends z.ZodType, Body extends z.ZodType>(given: Route<Query, Body>): Route {
  return given as unknown as Route
}
