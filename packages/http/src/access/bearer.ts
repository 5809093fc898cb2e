import type { Access } from './access.js'
import { type Bearing, bearerOf, checkSecrets, isOneOf, type Secrets } from './secrets.js'

/**
 * Lets in who brings `Authorization: Bearer <secret>`: for other servers and for tools, never for browsers, which would
 * have to know the secret. It fits wherever `authorize` is asked for, also by the Express adapter.
 *
 * @throws {OptionsError} for a secret that no header can bring.
 */
export function bearer(secrets: Secrets, access: Access): (request: Bearing) => Access | null {
  checkSecrets(secrets)
  return request => (isOneOf(secrets, bearerOf(request)) ? access : null)
}
