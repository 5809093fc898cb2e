import { type AnyProcessor, createRunner, type JobState, memoryStore } from '@longhaul/core'
import { transitions } from '@longhaul/core/store'
import type { Access, Authorize } from '@longhaul/http'

export const states = Object.keys(transitions) as JobState[]

export const person: Access = { roles: ['read', 'act', 'enqueue'], tenant: 'acme', subject: 'ada' }

/** Who asks says so in a header of the test's own. */
export const authorize: Authorize = ({ headers }) => {
  const who = headers.get('test-user')
  if (who === 'ada') return person
  if (who === 'root') return { roles: ['admin'], tenant: null, subject: 'root' }
  return who === 'other' ? { ...person, tenant: 'other' } : null
}

export const ada = { 'test-user': 'ada' }

export function runnerWith(...processors: readonly AnyProcessor[]) {
  return createRunner({ store: memoryStore(), processors })
}

type Routes = (request: Request) => Promise<Response>

/** Asks, and answers with the status and the JSON. */
export async function ask(
  routes: Routes,
  route: string,
  { headers = ada, body }: { headers?: Record<string, string>; body?: unknown } = {},
) {
  const [method = '', path = ''] = route.split(' ')
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await routes(new Request(`http://app.test${path}`, { method, headers, ...sent }))
  // biome-ignore lint/suspicious/noExplicitAny: what it must be, each test says itself
  return { status: response.status, json: (await response.json()) as any }
}

export const bearerOf = (secret: string) => ({ authorization: `Bearer ${secret}` })

export const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
