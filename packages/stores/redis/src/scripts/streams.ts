import { lanes } from './homes.js'
import { soonest } from './leases.js'
import type { Piece } from './script.js'

/** Reads the due jobs of several groups as one line. */
export const streams: Piece = {
  needs: [lanes, soonest],
  lua: `
-- The groups of processors that may have jobs in the line. One that has none is looked up no more.
local function groupsOf(processors, leftOut)
  local groups = {}
  for _, processor in ipairs(processors) do
    local from, to = startingWith(processor)
    for _, group in ipairs(redis.call('ZRANGEBYLEX', at.groups, from, to)) do
      local first, last = startingWith(group)
      local isEmpty = #redis.call('ZRANGEBYLEX', at.line, first, last, 'LIMIT', 0, 1) == 0
      if isEmpty then
        zset(at.groups, group, false)
      elseif not leftOut[group] then
        groups[#groups + 1] = group
      end
    end
  end
  return groups
end

-- Of the names that start so, in an order that skips this much of what is behind their group.
local function openStream(group, start, skipped)
  local from, to = startingWith(start)
  local behind = #group
  return { behind = behind, tailAt = behind + skipped + 1, from = from, to = to, names = {}, ids = {}, rows = {}, place = 1 }
end

local function openStreams(groups)
  local open = {}
  for place, group in ipairs(groups) do open[place] = openStream(group, group, 0) end
  return open
end

-- One stream for each rank of each group, all in the order of age.
local function openEachRank(groups)
  local open = {}
  for _, group in ipairs(groups) do
    local from, to = startingWith(group)
    while true do
      local first = redis.call('ZRANGEBYLEX', at.line, from, to, 'LIMIT', 0, 1)[1]
      if not first then break end
      local start = sub(first, 1, #group + 7)
      open[#open + 1] = openStream(group, start, 7)
      from = '(' .. start .. '~'
    end
  end
  return open
end

local function dueOf(stream, name)
  return sub(name, stream.behind + 8, stream.behind + 23)
end

local function rankOf(stream, name)
  return sub(name, stream.behind + 1, stream.behind + 7)
end

-- The due names among those found. Behind one that is not due, the search goes on with the next rank.
local function dueAmong(stream, found)
  local due, last = {}, found[#found]
  if rankOf(stream, found[1]) == rankOf(stream, last) and dueOf(stream, last) <= moment then
    stream.from = '(' .. last
    return found
  end
  for place, name in ipairs(found) do
    if dueOf(stream, name) > moment then
      noteDue(tonumber(dueOf(stream, name)))
      stream.from = '(' .. sub(name, 1, stream.behind + 7) .. '~'
      return due
    end
    due[place] = name
    stream.from = '(' .. name
  end
  return due
end

-- Answers false at the end.
local function fill(stream, count)
  local due = {}
  while #due == 0 do
    local found = redis.call('ZRANGEBYLEX', at.line, stream.from, stream.to, 'LIMIT', 0, count)
    if #found == 0 then return false end
    due = dueAmong(stream, found)
  end
  local ids, idAt = {}, stream.behind + 39
  for place, name in ipairs(due) do ids[place] = sub(name, idAt) end
  stream.names, stream.ids, stream.rows, stream.place = due, ids, readFields(at.jobs, ids), 1
  return true
end

local function advance(stream)
  stream.place = stream.place + 1
  stream.tail = nil
end

-- Reads on where a stream has been read. Answers false at the end.
local function look(stream, count)
  if stream.tail or stream.names[stream.place] and stream.isAlone then return true end
  if not stream.names[stream.place] and not fill(stream, count) then return false end
  stream.tail = sub(stream.names[stream.place], stream.tailAt, stream.behind + 38)
  return true
end

-- The stream whose next job comes first.
local function foremost(open, count)
  if #open == 1 then open[1].isAlone = true end
  local best
  for place = #open, 1, -1 do
    local stream = open[place]
    if not look(stream, count) then
      table.remove(open, place)
    elseif not best or stream.tail < best.tail then
      best = stream
    end
  end
  return best
end`,
}
