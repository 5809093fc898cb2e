import { createRunner, defineProcessor, memoryStore } from '@longhaul/core'
import { type FakeClock, fakeClock } from '@longhaul/core/testing'
import { z } from 'zod'
import { type Access, createHandler, type HandlerContext, type HandlerOptions } from '../src/index.js'

/** Answers the length of a text; fails for `fail`. */
export const measure = defineProcessor({
  name: 'measure',
  input: z.object({ text: z.string().max(1_000), secret: z.string().optional() }),
  retry: { attempts: 1 },
  run: ({ input, log }) => {
    log.info('measured')
    if (input.text === 'fail') throw new Error('no such text')
    return input.text.length
  },
})

/** Walks the numbers up to `to`; those that are in `failing` fail. */
export const count = defineProcessor({
  name: 'count/up',
  input: z.object({ to: z.number().int(), failing: z.array(z.number()).default([]) }),
  onItemError: { tolerate: { ratio: 1 } },
  items: ({ input, cursor, limit }) => numbers(input.to, cursor ?? -1, limit),
  each(value: number, { input }) {
    if (input.failing.includes(value)) throw new Error(`${value} failed`)
  },
})

function numbers(to: number, behind: number, limit: number): [number, number][] {
  const all = Array.from({ length: to }, (_, number): [number, number] => [number, number])
  return all.filter(([number]) => number > behind).slice(0, limit)
}

export const anybody: Access = { roles: ['admin'], tenant: null }

export interface Sent {
  readonly headers?: Record<string, string>
  readonly body?: unknown
  readonly context?: HandlerContext
}

/** A handler over a fresh memory store, whose time the test moves. Whoever asks is an admin, unless the test says otherwise. */
export function setup({
  clock = fakeClock(),
  ...more
}: Partial<HandlerOptions> & { clock?: FakeClock } = {}) {
  const store = memoryStore({ clock })
  const runner = createRunner({ clock, store, processors: [measure, count], random: () => 0.5 })
  const errors: unknown[] = []
  const onError = (error: unknown) => void errors.push(error)
  const options = { authorize: () => anybody, basePath: '/api/jobs', clock, onError, ...more }
  const handler = createHandler(runner, options)

  async function ask(method: string, path: string, { headers = {}, body, context }: Sent = {}) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const request = new Request(`http://app.test/api/jobs${path}`, {
      method,
      headers: { ...type, ...headers },
      ...(body === undefined ? {} : { body: text }),
    })
    return handler(request, context)
  }

  return { clock, store, runner, handler, errors, ask }
}

// biome-ignore lint/suspicious/noExplicitAny: what it must be, each test says itself
export async function jsonOf(response: Response | Promise<Response>): Promise<any> {
  return (await response).json()
}
