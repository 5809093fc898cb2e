import { z } from 'zod'
import type { Route } from '../router/route.js'
import { problemDetails } from '../schema/common.js'

interface DocumentOptions {
  readonly basePath: string
  /** The processors, for the path of `POST /jobs/{processor}`. */
  readonly processors: readonly string[]
}

/** What the routes take and answer, as OpenAPI 3.1, from the very schemas that check it. */
export function openApiDocument(routes: readonly Route[], { basePath, processors }: DocumentOptions) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, processors) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'longhaul',
      version: '1',
      description: 'Jobs: enqueued, followed and controlled over HTTP.',
    },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    paths,
  }
}

function operationOf(route: Route, processors: readonly string[]) {
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: `Needs the role \`${route.needs}\`.`,
    parameters: [...pathParameters(route, processors), ...queryParameters(route)],
    ...(route.body ? { requestBody: requestBody(route.body) } : {}),
    responses: { ...responsesOf(route), default: problemResponse },
  }
}

function operationId({ method, path }: Route): string {
  const words = path
    .split('/')
    .filter(Boolean)
    .map(word => word.replace(':', 'by '))
  return [method.toLowerCase(), ...words]
    .join(' ')
    .replace(/[ .-]+(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function pathParameters({ path }: Route, processors: readonly string[]) {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  return names.map(name => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'processor' ? { type: 'string', enum: processors } : { type: 'string' },
  }))
}

function queryParameters({ query }: Route) {
  if (!(query instanceof z.ZodObject)) return []
  const { properties = {} } = schemaOf(query, 'input')
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))
}

function requestBody(body: z.ZodType) {
  return {
    required: !body.safeParse(undefined).success,
    content: { 'application/json': { schema: schemaOf(body, 'input') } },
  }
}

function responsesOf({ answers }: Route) {
  const all = Object.entries(answers).map(([status, { description, type, schema }]) => {
    if (Number(status) >= 400 && !schema) return [status, { ...problemResponse, description }]
    const content = type
      ? { [type]: { schema: { type: 'string' } } }
      : schema && { 'application/json': { schema: schemaOf(schema, 'output') } }
    return [status, { description, ...(content ? { content } : {}) }]
  })
  return Object.fromEntries(all) as Record<string, unknown>
}

const problemResponse = {
  description: 'Problem details (RFC 9457)',
  content: { 'application/problem+json': { schema: schemaOf(problemDetails, 'output') } },
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
