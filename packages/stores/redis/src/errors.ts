import { isLonghaulError, StoreError, type StoreErrorCode } from '@longhaul/core/store'

interface Meaning {
  readonly code: StoreErrorCode
  readonly message: string
  readonly retryable?: boolean
}

/** What the first word of a Redis error means to the person who reads it. */
const meanings: Readonly<Record<string, Meaning>> = {
  OOM: {
    code: 'store_unavailable',
    message: 'The server has no memory left for new jobs: nothing was written. Prune, or raise maxmemory.',
    retryable: true,
  },
  READONLY: {
    code: 'store_unavailable',
    message: 'The server is a replica, perhaps since a failover. Connect to the primary.',
    retryable: true,
  },
  LOADING: { code: 'store_unavailable', message: 'The server is still loading its data.', retryable: true },
  CLUSTERDOWN: { code: 'store_unavailable', message: 'The cluster is down.', retryable: true },
  MASTERDOWN: { code: 'store_unavailable', message: 'The replica lost its primary.', retryable: true },
  TRYAGAIN: { code: 'store_unavailable', message: 'The cluster moves the slot just now.', retryable: true },
  NOREPLICAS: { code: 'store_unavailable', message: 'The server has too few replicas.', retryable: true },
  MISCONF: {
    code: 'store_unavailable',
    message: 'The server cannot save to its disk, and refuses writes.',
    retryable: true,
  },
  BUSY: { code: 'store_busy', message: 'The server is busy with a long script.', retryable: true },
  NOAUTH: { code: 'store_unavailable', message: 'The server wants a password.' },
  WRONGPASS: { code: 'store_unavailable', message: 'The server refuses the name or the password.' },
  NOPERM: {
    code: 'store_unavailable',
    message: 'This user may not run scripts or use the keys of the namespace.',
  },
  WRONGTYPE: {
    code: 'not_a_store',
    message: 'A key of the namespace holds something else. Use another namespace.',
  },
  CROSSSLOT: {
    code: 'driver_unsupported',
    message: 'The client changes keys so that they leave their slot. Use no keyPrefix with braces.',
  },
}

const unreachable =
  /connection is closed|max retries per request|stream isn't writeable|connection.*(lost|ended|reset)|none of startup nodes|failed to refresh slots|too many cluster redirections|socket/i

/** Whatever a client threw, as an error of this store. */
export function toStoreError(error: unknown): Error {
  if (isLonghaulError(error)) return error as unknown as Error
  const { code, message, retryable } = meaningOf(error)
  return new StoreError(code, 'redis', message, {
    retryable: retryable ?? false,
    cause: withoutCommand(error),
  })
}

/** ioredis notes the whole command with an error, and so the inputs of jobs: they must not end up in a log. */
function withoutCommand(error: unknown): unknown {
  if (!(error instanceof Error && 'command' in error)) return error
  return Object.assign(new Error(error.message), { name: error.name })
}

export function isUnknownScript(error: unknown): boolean {
  return String((error as Partial<Error> | undefined)?.message).startsWith('NOSCRIPT')
}

function meaningOf(error: unknown): Meaning {
  const { code, message } = error as { code?: unknown; message?: unknown }
  const text = String(message)
  const known = meanings[/^(?:.*@user_script: ?\d+: )?-?([A-Z]+)\b/.exec(text)?.[1] ?? '']
  if (known) return known
  const isLost = /^E[A-Z]+$/.test(String(code)) || unreachable.test(text)
  if (isLost)
    return { code: 'store_unavailable', message: `The server can't be reached: ${text}`, retryable: true }
  return { code: 'store_failed', message: `The store failed: ${text}` }
}
