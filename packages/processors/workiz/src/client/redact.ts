const mask = '[token]'

/** The text with every trace of the secret masked, plain or as it stands in a URL. */
export function redact(text: string, secret: string): string {
  return text.replaceAll(secret, mask).replaceAll(encodeURIComponent(secret), mask)
}

/**
 * A new error that tells what went wrong without what may hold the secret. The original is not kept: its stack,
 * its own cause and fields such as `input` repeat the URL.
 *
 * @param depth How many causes of causes are told.
 */
export function safeCause(error: unknown, secret: string, depth = 4): Error {
  const { name, message, code, cause } = toParts(error)
  const told = cause === undefined || depth === 0 ? {} : { cause: safeCause(cause, secret, depth - 1) }
  const safe = new Error(redact(message, secret), told)
  safe.name = name
  return Object.assign(safe, code === undefined ? {} : { code })
}

function toParts(error: unknown): { name: string; message: string; code?: string; cause?: unknown } {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, cause } = error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { name, message, ...(code !== undefined && { code }), ...(cause !== undefined && { cause }) }
}
