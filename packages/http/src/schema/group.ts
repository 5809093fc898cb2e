import { z } from 'zod'
import { count, eta, instant, state, states, text } from './common.js'

const perState = z.object(Object.fromEntries(states.map(name => [name, count])))

export const group = z.object({
  id: text,
  state,
  jobs: z.object({ total: count, ended: count, states: perState }),
  percent: z.number().min(0).max(100),
  items: z.object({ done: count, failed: count, skipped: count, total: count }),
  eta: eta.nullable(),
  startedAt: instant.nullable(),
})

export const stats = z.object({
  states: perState,
  progress: z.object({ done: count, failed: count, skipped: count, total: count }),
  dueInMs: z.number().nullable(),
  startedAt: z.number().nullable(),
})
