import type { Access, Authorize } from './access.js'
import { bearerOf, checkSecrets, isOneOf, type Secrets } from './secrets.js'

/**
 * Lets in who brings `Authorization: Bearer <secret>`: for other servers and for tools, never for browsers, which would
 * have to know the secret.
 *
 * @throws {OptionsError} for a secret that no header can bring.
 */
export function bearer(secrets: Secrets, access: Access): Authorize {
  checkSecrets(secrets)
  return request => (isOneOf(secrets, bearerOf(request)) ? access : null)
}
