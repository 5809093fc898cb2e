import type { Access, Authorize } from './access.js'
import { bearerOf, isOneOf, type Secrets } from './secrets.js'

/**
 * Lets in who brings `Authorization: Bearer <secret>`: for other servers and for tools, never for browsers, which would
 * have to know the secret.
 */
export function bearer(secrets: Secrets, access: Access): Authorize {
  return request => (isOneOf(secrets, bearerOf(request)) ? access : null)
}
