import { cookies } from 'next/headers'
import { isSession, sessionCookie } from '../jobs/access.js'
import { Prices } from './prices.js'

export default async function Page() {
  const cookie = (await cookies()).get(sessionCookie)
  return isSession(cookie?.value) ? <Prices /> : <SignIn />
}

function SignIn() {
  return (
    <form action="/session" method="post">
      <h1>Prices</h1>
      <label>
        Token <input name="token" type="password" autoComplete="current-password" required />
      </label>
      <button type="submit">Sign in</button>
    </form>
  )
}
