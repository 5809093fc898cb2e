import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Access, Authorize } from '@longhaul/http'

export const sessionCookie = 'session'

const access: Access = { tenant: 'demo', roles: ['read', 'act', 'enqueue'] }

/** Whether it is the API_TOKEN. While that is unset nobody has it. */
export function isToken(presented: string): boolean {
  const { API_TOKEN = '' } = process.env
  return API_TOKEN !== '' && isSame(presented, API_TOKEN)
}

/** What the cookie of a person who brought the token says. It ends with the token. */
export function session(): string {
  return createHmac('sha256', process.env.API_TOKEN ?? '')
    .update('session')
    .digest('base64url')
}

export function isSession(presented = ''): boolean {
  return (process.env.API_TOKEN ?? '') !== '' && isSame(presented, session())
}

/** Programs bring the token, browsers the cookie. */
export const authorize: Authorize = ({ headers }) => {
  const [, token = ''] = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '') ?? []
  const [, cookie] = new RegExp(`(?:^|; )${sessionCookie}=([^;]*)`).exec(headers.get('cookie') ?? '') ?? []
  return isToken(token) || isSession(cookie) ? access : null
}

/** As long for every text, so that a comparison tells nothing of where two differ. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
