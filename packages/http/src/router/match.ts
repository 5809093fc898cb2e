import type { Route } from './route.js'

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** `routes` are those of the path: when one has the method, it is the match. */
export interface Matches {
  readonly match: Match | undefined
  /** The methods that the path knows; none when there is no such path. */
  readonly methods: readonly string[]
}

/**
 * Finds the route of a path below the base path. A path is taken as it was sent: what is empty, doubled, of another case
 * or wrongly encoded is no path, so that nothing is reached by two names.
 */
export function match(routes: readonly Route[], method: string, path: string): Matches {
  const found = routes.flatMap(route => {
    const params = paramsOf(route.path.split('/'), path.split('/'))
    return params ? [{ route, params }] : []
  })
  return {
    match: found.find(({ route }) => route.method === method),
    methods: found.map(({ route }) => route.method),
  }
}

function paramsOf(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== path.length) return undefined
  const params: [string, string][] = []
  for (const [index, segment] of pattern.entries()) {
    const sent = path[index] ?? ''
    if (!segment.startsWith(':')) {
      if (segment !== sent) return undefined
      continue
    }
    const value = decoded(sent)
    if (value === undefined) return undefined
    params.push([segment.slice(1), value])
  }
  return Object.fromEntries(params)
}

const longest = 500

function decoded(segment: string): string | undefined {
  try {
    const value = decodeURIComponent(segment)
    return value.length >= 1 && value.length <= longest && value.isWellFormed() ? value : undefined
  } catch {
    return undefined
  }
}

/** What is below the base path; `undefined` for what is not. */
export function below(basePath: string, path: string): string | undefined {
  if (!path.startsWith(`${basePath}/`)) return undefined
  return path.slice(basePath.length)
}
