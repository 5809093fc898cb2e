import { args } from './basics.js'
import { script } from './script.js'

/** The layout of the keys. A store works on the layout before its own too, and leaves a newer one alone. */
export const schemaVersion = 1

/** Redis packs short sorted sets and then walks them at every write; a name too long for that keeps it from it. */
const unpacked = '!'.repeat(65)

/** Argument: the version that is known here. Answers with the version that is stored now. */
export const schemaScript = script(
  'schema',
  [args],
  `
local known = takeNumber()
local stored = tonumber(redis.call('GET', at.schema) or 0)
if stored < known then
  redis.call('SET', at.schema, known)
  redis.call('ZADD', at.line, 0, '${unpacked}')
  redis.call('ZADD', at.leases, '+inf', '${unpacked}')
  stored = known
end
return stored`,
)
