import { type JobState, transitions } from '@longhaul/core/store'
import { z } from 'zod'

export const text = z.string().min(1).max(500)
export const instant = z.iso.datetime().describe('ISO 8601, UTC')
export const count = z.number().int().min(0)
export const empty = z.strictObject({})

export const states = Object.keys(transitions) as JobState[]

export const state = z.enum(states)

export const eta = z.object({
  remainingMs: z.number().min(0),
  lowMs: z.number().min(0),
  highMs: z.number().min(0),
})

export const page = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().min(1).max(500).optional().describe('`next` of the page before'),
}

export const next = z.string().nullable().describe('To be passed as `after`; null at the end')

export const problemDetails = z.looseObject({
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string().describe('Stable'),
})

/** `a`, `a,b` or several parameters. */
export function listOf<Item extends string>(item: z.ZodType<Item, string>) {
  const parts = z
    .union([z.string(), z.array(z.string())])
    .transform(given => [given].flat().flatMap(text => text.split(',')))
  return parts.pipe(z.array(item).min(1).max(50))
}
