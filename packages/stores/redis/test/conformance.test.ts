import { storeConformance } from '@longhaul/conformance'
import { redisStore } from '@longhaul/redis'
import { describe, test, vi } from 'vitest'
import { advance, anyNamespace, connectRedis, deleteNamespace, noServer } from './support.js'

vi.setConfig({ testTimeout: 60_000 })

describe.skipIf(noServer)('on a client of the app', () => {
  storeConformance({ test, describe, can: ['share', 'listen'], setup: () => onClient() })
})

describe.skipIf(noServer)('on a client with a key prefix, under an odd namespace', () => {
  const setup = () => onClient({ keyPrefix: 'my app:*', oddity: ' "ä\u{1f600}[a-z]?\\' })
  storeConformance({ test, describe, can: ['share', 'listen'], setup })
})

function onClient({ keyPrefix = '', oddity = '' } = {}) {
  const namespace = anyNamespace() + oddity
  const client = connectRedis({ keyPrefix })
  const store = () => redisStore(client, { namespace })

  return {
    store: store(),
    another: store,
    advance: (ms: number) => advance(client, namespace, ms),
    async cleanup() {
      await deleteNamespace(keyPrefix, namespace)
      client.disconnect()
    },
  }
}
