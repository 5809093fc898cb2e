import { soonMs } from '@longhaul/core/store'
import { rows, tallies } from './rows.js'
import type { Piece } from './script.js'

/**
 * Where a job is kept while it is in a state: in `blocked` while it waits for others, in `line` or `parked` while it
 * waits, in `leases` while it runs, in `line` or `parked`, and in `lapsed`, once its lease ended, in `paused`, or in
 * `ended`.
 *
 * Behind its group a name in `line` has rank (7 digits), due (16) and ref, so that names are in the order of claims.
 */
export const homes: Piece = {
  needs: [rows, tallies],
  lua: `
-- What is behind the group of a name.
local function tailOf(job)
  return job.rank .. digits(job.due) .. job.ref
end

local function nameOf(job)
  return job.group .. tailOf(job)
end

-- Where the tail of a name in the line starts, whose group starts here.
local function behindGroup(name, from)
  local _, queueAt = frameAt(name, from)
  local _, tailAt = frameAt(name, queueAt)
  return tailAt
end

-- All names that start with a text: no byte of UTF-8 is above.
local function startingWith(text)
  return '[' .. text, '(' .. text .. '\\255'
end

local laneChanges, freed, anySoon = {}, {}, false

local function leasesOf(lane)
  return (tonumber(redis.call('HGET', at.lanes, lane)) or 0) + (laneChanges[lane] or 0)
end

local function takePlace(lane)
  laneChanges[lane] = (laneChanges[lane] or 0) + 1
end

local function leavePlace(lane)
  laneChanges[lane] = (laneChanges[lane] or 0) - 1
  freed[lane] = (freed[lane] or 0) + 1
end

local function enterLine(group, tail)
  zset(at.line, group .. tail, '0')
  zset(at.groups, group, '0')
end

local function parkedName(job)
  return job.lane .. job.limit .. nameOf(job)
end

local function leaveLine(job)
  if not job.lane then return zset(at.line, nameOf(job), false) end
  local parked = parkedName(job)
  if redis.call('ZSCORE', at.parked, parked) then
    addTo('k-', job.group, -1)
    return zset(at.parked, parked, false)
  end
  zset(at.line, nameOf(job), false)
  freed[job.lane] = (freed[job.lane] or 0) + 1
end

local function leaveHome(job)
  if job.state == 'r' then
    zset(at.leases, job.id, false)
    if job.lane then leavePlace(job.lane) end
  elseif job.state == 'w' or job.state == 'l' then
    leaveLine(job)
    if job.state == 'l' then zset(at.lapsed, job.ref, false) end
  elseif job.state == 'p' then
    zset(at.paused, job.ref, false)
  elseif job.state == 'b' then
    zset(at.blocked, job.ref, false)
  else
    zset(at.ended, job.state .. job.ended .. job.ref, false)
  end
end

local function enterHome(job)
  if job.state == 'w' or job.state == 'l' then
    enterLine(job.group, tailOf(job))
    if job.state == 'l' then zset(at.lapsed, job.ref, '0') end
    anySoon = anySoon or job.due <= now + ${soonMs}
  elseif job.state == 'p' then
    zset(at.paused, job.ref, '0')
  elseif job.state == 'b' then
    zset(at.blocked, job.ref, '0')
  else
    zset(at.ended, job.state .. job.ended .. job.ref, '0')
  end
end`,
}

/**
 * A due job that finds its lane full is parked, so that nobody walks past it again and again. For each place that
 * comes free, the first of every group, limit and rank that has room goes back into the line, where it is found in order.
 */
export const lanes: Piece = {
  needs: [homes],
  lua: `
local function unparkFirst(start, lane, count)
  local from, to = startingWith(start)
  for _, parked in ipairs(redis.call('ZRANGEBYLEX', at.parked, from, to, 'LIMIT', 0, count)) do
    local group = sub(start, #lane + 8, -8)
    zset(at.parked, parked, false)
    addTo('k-', group, -1)
    enterLine(group, sub(parked, #start - 6))
  end
end

local function unpark(lane, places)
  local held = leasesOf(lane)
  local from, to = startingWith(lane)
  while true do
    local first = redis.call('ZRANGEBYLEX', at.parked, from, to, 'LIMIT', 0, 1)[1]
    if not first then return end
    local start = sub(first, 1, behindGroup(first, #lane + 8) + 6)
    local room = math.min(places, tonumber(sub(first, #lane + 1, #lane + 7)) - held)
    if room > 0 then unparkFirst(start, lane, room) end
    from = '(' .. start .. '\\255'
  end
end

local function writeLanes()
  for lane, change in pairs(laneChanges) do
    if change ~= 0 and redis.call('HINCRBY', at.lanes, lane, change) <= 0 then
      redis.call('HDEL', at.lanes, lane)
    end
  end
  laneChanges = {}
  for lane, places in pairs(freed) do unpark(lane, places) end
  local hasFreed = next(freed) ~= nil
  freed = {}
  return hasFreed
end

-- On a server without free memory Redis refuses a script whose first write adds something, and lets all writes
-- follow one that removes. So what is held can end, and be pruned, while inserts are refused.
local function openTheDoor()
  redis.call('HDEL', at.jobs, '')
end

local function writeAll()
  openTheDoor()
  writeChanges()
  local hasFreed = writeLanes()
  writeChanges()
  writeTallies()
  return hasFreed
end`,
}

export const wakeUp: Piece = {
  lua: `
local function wakeListeners()
  redis.call('XADD', at.wake, 'MAXLEN', 1, '*', 'due', 1)
end`,
}
