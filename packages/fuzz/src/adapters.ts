import { once } from 'node:events'
import { createServer, type RequestListener, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { longhaul as expressRoutes } from '@longhaul/express'
import { createHandler } from '@longhaul/http'
import { appRoute, pagesRoute } from '@longhaul/next'
import { longhaul as vercelFunction } from '@longhaul/vercel'
import express from 'express'
import type { app } from './app.js'
import type { RawRequest } from './requests.js'

type App = Awaited<ReturnType<typeof app>>

export interface Answer {
  readonly status: number
  readonly text: string
}

/** Something that answers requests; `undefined` for what is no request at all. */
export interface Front {
  ask(request: RawRequest): Promise<Answer | undefined>
  close(): Promise<void>
}

/** Each way that the routes are reached: three without a network, two over one. */
export const adapters: Readonly<Record<string, (app: App) => Promise<Front>>> = {
  handler: async ({ runner, options }) => overNothing(createHandler(runner, options)),
  'next app': async ({ runner, options }) => {
    const route = appRoute(runner, options)
    return overNothing(request => route[request.method === 'POST' ? 'POST' : 'GET'](request))
  },
  vercel: async ({ runner, options }) => overNothing(vercelFunction(runner, options)),
  express: async ({ runner, options }) =>
    overHttp(express().use('/api/jobs', expressRoutes(runner, options))),
  'next pages': async ({ runner, options }) => overHttp(pagesRoute(runner, options) as RequestListener),
}

function overNothing(handle: (request: Request) => Promise<Response>): Front {
  return {
    async ask({ method, path, headers, body }) {
      const init = { method, headers, ...(body === undefined || isBodiless(method) ? {} : { body }) }
      const request = requestOf(`http://app.test/api/jobs${path}`, init)
      if (!request) return undefined
      const response = await handle(request)
      return { status: response.status, text: await response.text() }
    },
    async close() {},
  }
}

const isBodiless = (method: string) => method === 'GET' || method === 'HEAD'

function requestOf(url: string, init: RequestInit): Request | undefined {
  try {
    return new Request(url, init)
  } catch {
    return undefined
  }
}

async function overHttp(listener: RequestListener): Promise<Front> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ask: request => exchange(port, request).catch(() => undefined),
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function exchange(port: number, { method, path, headers, body }: RawRequest): Promise<Answer> {
  const request = send({ port, host: '127.0.0.1', method, path: `/api/jobs${path}`, headers })
  request.end(body)
  const [response] = await once(request, 'response')
  let text = ''
  for await (const piece of response) text += piece
  return { status: response.statusCode, text }
}
