import type { Runner } from '@longhaul/core'
import { longhaul } from '@longhaul/express'
import express, { type Express, type Response } from 'express'
import { z } from 'zod'
import { authorizeBy, requireAccess } from './access.js'
import type { Contacts } from './contacts.js'
import type { Settings } from './settings.js'

type Secrets = Pick<Settings, 'token' | 'cronSecret'>

/** The app: a few routes of its own, and longhaul's beside them. */
export function createApp(runner: Runner, contacts: Contacts, { token, cronSecret }: Secrets): Express {
  const authorize = authorizeBy(token)
  const app = express().disable('x-powered-by')
  app.use('/api/jobs', longhaul(runner, { authorize, work: { secrets: cronSecret } }))
  app.use('/api/contacts', requireAccess(authorize), contactRoutes(contacts))
  return app
}

const email = z.object({ email: z.email() })

function contactRoutes(contacts: Contacts) {
  return express
    .Router()
    .use(express.json())
    .get('/imported', (_, response) => void response.json(contacts.imported()))
    .put('/:id', (request, response) => {
      const body = email.safeParse(request.body)
      const id = Number(request.params.id)
      if (!body.success) refuse(response, 400, 'Send {"email":"…"} with an address.')
      else if (!contacts.correct(id, body.data.email)) refuse(response, 404, 'There is no such contact.')
      else response.json(contacts.get(id))
    })
}

function refuse(response: Response, status: number, error: string): void {
  response.status(status).json({ error })
}
