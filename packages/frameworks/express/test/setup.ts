import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { createRunner, defineProcessor, memoryStore } from '@longhaul/core'
import express5 from 'express'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { type ExpressOptions, type ExpressRequest, longhaul } from '../src/index.js'

const express4: typeof express5 = createRequire(import.meta.url)('express-4')

export const versions = { 'Express 5': express5, 'Express 4': express4 }

const measure = defineProcessor({
  name: 'measure',
  input: z.object({ text: z.string() }),
  run: ({ input }) => input.text.length,
})

/** Whoever has a cookie is an admin. */
const authorize = ({ headers }: ExpressRequest) =>
  headers.cookie === undefined ? null : ({ roles: ['admin'], tenant: null } as const)

interface AppOptions extends Partial<ExpressOptions> {
  readonly parsesBodies?: boolean
}

/** A real app on a port of its own, with the routes below /app/jobs. */
export async function setup(express: typeof express5, { parsesBodies = false, ...options }: AppOptions = {}) {
  const runner = createRunner({ store: memoryStore(), processors: [measure] })
  const app = express()
  if (parsesBodies) app.use(express.json())
  app.use('/app/jobs', longhaul(runner, { authorize, ...options }))
  app.get('/other', (_request, response) => void response.send('other'))
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => close(server))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const headers = { cookie: 'session=1', 'x-longhaul': '1' }
  return { runner, server, origin, url: `${origin}/app/jobs`, headers }
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
