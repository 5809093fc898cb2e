import { isToken, session, sessionCookie } from '../../jobs/access.js'

/** Signs in: a form with the token, answered with a cookie that no script can read. */
export async function POST(request: Request): Promise<Response> {
  const form = await request.formData()
  if (!isToken(String(form.get('token')))) return new Response('That is not the token.', { status: 401 })
  const cookie = `${sessionCookie}=${session()}; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=86400`
  return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie } })
}
