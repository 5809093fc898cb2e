import { soonMs } from '@longhaul/core/store'
import { many, time } from './basics.js'
import { lanes } from './homes.js'
import { instants } from './rows.js'
import type { Piece } from './script.js'

/** Jobs whose lease ended go back into the line, due since then, and free their place in a lane. */
export const lapse: Piece = {
  needs: [lanes],
  lua: `
local mostLapsed = 500

local function lapsed(job)
  leaveHome(job)
  job.state = 'l'
  enterHome(job)
  save(job)
end

local function putBackLapsed()
  local ids = redis.call('ZRANGEBYSCORE', at.leases, '-inf', whole(now), 'LIMIT', 0, mostLapsed)
  if #ids == 0 then return false end
  for place, job in ipairs(readJobs(ids)) do
    if job and job.state == 'r' then lapsed(job) else zset(at.leases, ids[place], false) end
  end
  writeAll()
  return #ids == mostLapsed
end`,
}

/** When the next job becomes due with time, as far as that was seen: it has to be told to those who listen if it is soon. */
export const soonest: Piece = {
  needs: [time],
  lua: `
local never = math.huge
local soonestDue = never

local function noteDue(due)
  soonestDue = math.min(soonestDue, due)
end

local function firstLeaseEnd()
  return tonumber(redis.call('ZRANGE', at.leases, 0, 0, 'WITHSCORES')[2]) or never
end

local function dueIn()
  return soonestDue <= now + ${soonMs} and math.max(0, soonestDue - now) or -1
end`,
}

/**
 * What a claim gave out is noted under its id, until nobody can hold any of it: token (10 digits) and id of each job,
 * with a NUL between two.
 */
export const repeats: Piece = {
  needs: [instants, many],
  lua: `
local function givenBy(claimId)
  local ids, tokens = {}, {}
  for token, id in string.gmatch(redis.call('HGET', at.claims, claimId) or '', '(%d%d%d%d%d%d%d%d%d%d)([^%z]*)') do
    ids[#ids + 1], tokens[#tokens + 1] = id, token
  end
  return ids, tokens
end

-- Most of it is held no more, and its rows need not be read.
local function leasedOf(ids)
  local leased, places = {}, {}
  if #ids == 0 then return leased, places end
  for place, score in ipairs(redis.call('ZMSCORE', at.leases, unpack(ids))) do
    if score then leased[#leased + 1], places[#places + 1] = ids[place], place end
  end
  return leased, places
end

-- The rows of what is still held, and when the last lease among them ends.
local function stillHeld(claimId)
  local ids, tokens = givenBy(claimId)
  local leased, places = leasedOf(ids)
  local held, last = {}, moment
  for number, row in ipairs(readFields(at.jobs, leased)) do
    local token = tokens[places[number]]
    local due = row and byte(row) == 114 and sub(row, 52, 61) == token and sub(row, 3, 18)
    if due and due > moment then held[#held + 1] = row end
    if due and due > last then last = due end
  end
  return held, last
end

local function forget(claimId)
  local held, last = stillHeld(claimId)
  if #held > 0 then return redis.call('ZADD', at.claimEnds, last, claimId) end
  redis.call('ZREM', at.claimEnds, claimId)
  redis.call('HDEL', at.claims, claimId)
end

local function remember(claimId, given, leaseEnd)
  local old = redis.call('ZRANGEBYSCORE', at.claimEnds, '-inf', moment, 'LIMIT', 0, 2)
  for _, other in ipairs(old) do forget(other) end
  redis.call('HSET', at.claims, claimId, given)
  redis.call('ZADD', at.claimEnds, leaseEnd, claimId)
end`,
}
