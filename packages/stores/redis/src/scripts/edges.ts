import { lanes } from './homes.js'
import type { Piece } from './script.js'

/**
 * Who waits for whom, and for which end: `s` if it must succeed, `e` if any end will do. An edge is there until the
 * awaited job ends as it must, or the waiting one is deleted.
 */
export const edges: Piece = {
  needs: [lanes],
  lua: `
local function satisfies(state, outcome)
  return state == 'c' or state == 'e' or (outcome == 'e' and hasEnded(state))
end

local function edgesTo(seq, count)
  local from, to = startingWith(seq)
  return redis.call('ZRANGEBYLEX', at.waiters, from, to, 'LIMIT', 0, count)
end

local function outcomeIn(edge)
  return sub(edge, 16, 16)
end

local function waiterIn(edge)
  return sub(edge, 32)
end

local function isAwaited(job)
  return job.awaited == 'a' and #edgesTo(job.seq, 1) > 0
end

local function forgetAwaited(job)
  local awaits = redis.call('HGET', at.awaits, job.id)
  local outcome = sub(awaits, 1, 1)
  for from = 2, #awaits, 15 do zset(at.waiters, sub(awaits, from, from + 14) .. outcome .. job.ref, false) end
  hset(at.awaits, job.id, false)
end`,
}
